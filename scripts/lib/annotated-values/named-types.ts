import { policy } from './policy-type.ts'

/** The part of JSON Schema that named types are made of: what one regular `type` list and its bounds can say. */
export interface Fragment {
  readonly type?: JsonType | readonly JsonType[]
  readonly enum?: readonly (Scalar | null)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly items?: Fragment
  readonly required?: readonly string[]
  readonly maxProperties?: number
  readonly properties?: Readonly<Record<string, Fragment>>
  readonly additionalProperties?: Fragment | false
}

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null'
export type Scalar = string | number | boolean

export interface NamedType {
  /** What the reference calls it. */
  readonly docs: string
  readonly schema: Fragment
}

const text = (docs: string, pattern: string): NamedType => ({ docs, schema: { type: 'string', pattern } })

// Helm reads patterns as RE2, editors and ajv as JavaScript: no look-around, and each from ^ to $ without | at its top.
const dnsName = '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'
const octet = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const ipv4 = `${octet}[.]${octet}[.]${octet}[.]${octet}`
const portNumber = '(6553[0-5]|655[0-2][0-9]|65[0-4][0-9][0-9]|6[0-4][0-9]{3}|[1-5]?[0-9]{1,4})'
const labelValue = '^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$'

/** The types that `@type` and `@each` know by name. `definitions` of the schema holds each one that is used, once. */
export const namedTypes: Readonly<Record<string, NamedType>> = {
  string: { docs: 'string', schema: { type: 'string' } },
  integer: { docs: 'integer', schema: { type: 'integer', minimum: 0 } },
  number: { docs: 'number', schema: { type: 'number', minimum: 0 } },
  boolean: { docs: 'boolean', schema: { type: 'boolean' } },
  scalar: { docs: 'scalar', schema: { type: ['string', 'number', 'boolean'] } },
  auto: { docs: '`auto`', schema: { enum: ['auto'] } },

  strings: { docs: 'list of strings', schema: { type: 'array', items: { type: 'string' } } },
  arguments: {
    docs: 'list of scalars',
    schema: { type: 'array', items: { type: ['string', 'number', 'boolean'] } },
  },
  raw: { docs: 'object', schema: { type: 'object' } },
  raws: { docs: 'list of objects', schema: { type: 'array', items: { type: 'object' } } },
  rawOrString: { docs: 'object or string', schema: { type: ['object', 'string'] } },
  manifests: {
    docs: 'map or list of objects or strings',
    schema: {
      type: ['object', 'array'],
      additionalProperties: { type: ['object', 'string'] },
      items: { type: ['object', 'string'] },
    },
  },

  // null: the one way to take away a label that an earlier values file has set.
  labels: {
    docs: 'labels',
    schema: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'], pattern: labelValue },
    },
  },
  annotations: {
    docs: 'annotations',
    schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  },
  variable: {
    docs: 'scalar, `{value}`, `{valueFrom}` or `{enabled: false}`',
    schema: {
      type: ['string', 'number', 'boolean', 'object'],
      additionalProperties: false,
      properties: {
        enabled: { type: 'boolean' },
        value: { type: ['string', 'number', 'boolean'] },
        valueFrom: { type: 'object' },
      },
    },
  },
  pullSecrets: {
    docs: 'list of names, or of `{name}`',
    schema: {
      type: 'array',
      items: {
        type: ['string', 'object'],
        pattern: dnsName,
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string', pattern: dnsName } },
      },
    },
  },

  port: { docs: 'port', schema: { type: 'integer', minimum: 1, maximum: 65535 } },
  duration: text('duration', '^[0-9]{1,5}(ms|s|m|h)$'),
  percent: text('percentage', '^[0-9]{1,3}%$'),
  quantity: {
    docs: 'quantity',
    schema: { type: ['string', 'number'], minimum: 0, pattern: '^[0-9]+([.][0-9]+)?([mkMGTPE]|[KMGTPE]i)?$' },
  },
  path: text('path', '^/\\S*$'),
  json: text('JSON text', '^\\s*[{[][\\s\\S]*[}\\]]\\s*$'),

  name: text('name', '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'),
  dnsName: text('DNS name', dnsName),
  portName: text('port name', '^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$'),
  envName: text('variable name', '^[A-Za-z_][A-Za-z0-9_.-]*$'),
  xdsName: text('name of an xDS target', '^[A-Za-z0-9_][A-Za-z0-9._-]*(:[0-9]{1,5})?$'),
  key: text('key', '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
  fileName: text('file name', '^[.]?[A-Za-z0-9_-][A-Za-z0-9_.-]*$'),

  labelValue: text('label value', labelValue),
  suffix: text('suffix', '^-[a-z0-9-]{0,23}[a-z0-9]$'),
  runName: {
    docs: 'name of at most 8 characters, or integer',
    schema: {
      type: ['string', 'integer'],
      minimum: 0,
      maximum: 99999999,
      pattern: '^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$',
    },
  },
  mtlsMode: {
    docs: '`UNSET`, `DISABLE`, `PERMISSIVE` or `STRICT`',
    schema: { enum: ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] },
  },

  policy: { docs: 'policy', schema: policy },
  backends: {
    docs: 'list of `{service, weight}`',
    schema: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        properties: { service: { type: 'string' }, weight: { type: 'integer', minimum: 0, maximum: 1_000_000 } },
      },
    },
  },
  share: { docs: 'integer, 0 to 1000000', schema: { type: 'integer', minimum: 0, maximum: 1_000_000 } },

  socketAddress: text('IP address and port', `^(${ipv4}|\\[[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+\\]):${portNumber}$`),

  registry: text('registry', '^[A-Za-z0-9][A-Za-z0-9.:/_-]*[A-Za-z0-9]$'),
  repository: text('repository', '^[a-z0-9][a-zA-Z0-9._:/-]*$'),
  tag: text('tag', '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$'),
  digest: text('digest', '^sha256:[0-9a-f]{64}$'),
}
