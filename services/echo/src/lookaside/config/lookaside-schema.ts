import { policyNames } from './lookaside-config.ts'

const text = { type: 'string', minLength: 1 }

const policy = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: Object.fromEntries(policyNames.map((name) => [name, { type: 'object' }])),
}

const zoneRules = {
  localities: { enum: ['none', 'zoneFirst', 'weighted'] },
  zoneWeights: { type: 'object', additionalProperties: { type: 'integer', minimum: 0, maximum: 1_000_000 } },
}

const weightedBackend = {
  type: 'object',
  additionalProperties: false,
  required: ['service'],
  properties: { service: text, weight: { type: 'integer', minimum: 0, maximum: 1_000_000 } },
}

const service = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    policy,
    backends: { type: 'array', minItems: 1, items: weightedBackend },
    failover: { type: 'array', items: text },
    ...zoneRules,
    envoyListener: text,
  },
}

const discover = {
  type: 'object',
  additionalProperties: false,
  required: ['namespaces'],
  properties: {
    namespaces: { type: 'array', minItems: 1, items: text },
    labelSelector: text,
    annotation: text,
    policy,
    ...zoneRules,
  },
}

/** The file of `--lookaside-config`, as JSON schema. */
export const lookasideSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    services: { type: 'object', additionalProperties: service },
    discover,
    debounceMilliseconds: { type: 'integer', minimum: 0, maximum: 60_000 },
    maximumDebounceMilliseconds: { type: 'integer', minimum: 0, maximum: 60_000 },
  },
}
