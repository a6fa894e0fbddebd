import { outcomes } from '../cluster/result.ts'
import { verdictNames } from '../lib/verdict.ts'

/** JSON schemas of what `-o json` prints; unknown keys are let through, since a newer evenly may print more. */
const text = { type: 'string' } as const
const yesNo = { type: 'boolean' } as const
const count = { type: 'integer', minimum: 0 } as const
const amount = { type: 'number', minimum: 0 } as const
const secondsOrNull = { ...amount, nullable: true } as const
const outcome = { type: 'string', enum: [...outcomes] } as const

const mapOf = (additionalProperties: object) => ({ type: 'object', required: [], additionalProperties }) as const
const listOf = (items: object) => ({ type: 'array', items }) as const
const counts = mapOf(count)

/** All of these keys, but for the optional ones. */
const record = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
})

const latency = { ...record({ p50: amount, p90: amount, p99: amount, max: amount }), nullable: true }

const check = record({ what: text, found: text, met: yesNo })

const step = record({
  weights: mapOf(amount),
  counts,
  requests: count,
  failed: count,
  verdict: { type: 'string', enum: [...verdictNames] },
  reason: text,
})

const truth = record({
  client: counts,
  server: { ...counts, nullable: true },
  proxy: { ...counts, nullable: true },
  proxyConnections: { ...counts, nullable: true },
  agrees: yesNo,
  explanation: text,
})

const rebalance = {
  ...record({
    requests: count,
    failed: count,
    joined: listOf(record({ pod: text, firstCallSeconds: secondsOrNull, fairShareSeconds: secondsOrNull })),
    left: listOf(record({ pod: text, lastCallSeconds: secondsOrNull })),
    errors: listOf(record({ phase: text, requests: count, errors: counts })),
    series: record({
      seconds: listOf(amount),
      calls: mapOf(listOf(count)),
      failed: listOf(count),
      marks: listOf(record({ second: { type: 'number' }, text })),
    }),
  }),
  nullable: true,
}

/** What the lab and a cluster print alike. */
const spread = {
  scenario: text,
  expected: outcome,
  verdict: outcome,
  reason: text,
  requests: count,
  failed: count,
  counts,
  jain: amount,
  maxOverMean: amount,
  pValue: { ...amount, nullable: true },
}

/** What the lab leaves out, because there it is the same for all. */
const onClusters = {
  pods: mapOf(record({ release: text, zone: text })),
  clients: count,
  errors: counts,
  latencyMilliseconds: latency,
  checks: listOf(check),
  steps: listOf(step),
  truth,
  rebalance,
  tookSeconds: amount,
}

/** What the lab alone prints. */
const inTheLab = { total: record({ requests: count, failed: count }), newPods: mapOf(secondsOrNull) }

const optional = Object.keys({ ...onClusters, ...inTheLab })

export const resultSchema = record({ ...spread, ...onClusters, ...inTheLab }, optional)

export const notRunSchema = record({ scenario: text, expected: outcome, reason: text })

export const infoSchema = record({
  // A time zone is wanted, or the same report would tell another hour on another machine.
  startedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d.*(Z|[+-]\\d\\d:\\d\\d)$' },
  tookSeconds: amount,
  versions: mapOf(text),
})
