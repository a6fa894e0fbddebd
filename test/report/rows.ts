import type { NotRun, Row, ScenarioResult } from '../../scripts/cluster/result.ts'
import type { Rebalance } from '../../scripts/cluster/stopwatch/rebalance-types.ts'
import { judge } from '../../scripts/lib/verdict.ts'
import type { RunInfo } from '../../scripts/report/run-info.ts'

// Rows as a cluster gives them: pods of Deployments, and the numbers that belong to their counts.

export const pods = ['echo-7bf96cd985-jq7bp', 'echo-7bf96cd985-x2lzm', 'echo-7bf96cd985-9tkvw'] as const

export const info: RunInfo = {
  startedAt: '2026-10-14T12:03:27.120Z',
  tookSeconds: 724.4,
  versions: { evenly: '0.2.0', kubernetes: '1.34.1', istio: '1.31.0', 'gateway-api': '1.6.0' },
}

/** A result with what was found in `found`, and all else as a good run has it. */
export function resultOf(scenario: string, counts: Record<string, number>, found: Partial<ScenarioResult> = {}) {
  const requests = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
  const { jain, maxOverMean, pValue, verdict, reason } = judge(Object.values(counts), {
    policy: 'random',
    names: Object.keys(counts),
  })
  const result: ScenarioResult = {
    scenario,
    expected: verdict,
    verdict,
    reason,
    requests,
    failed: 0,
    counts,
    jain,
    maxOverMean,
    pValue,
    pods: Object.fromEntries(Object.keys(counts).map((pod) => [pod, { release: 'echo', zone: '' }])),
    clients: 1,
    errors: {},
    latencyMilliseconds: { p50: 1.816, p90: 3.461, p99: 7.127, max: 30.17 },
    checks: [],
    steps: [],
    truth: {
      client: counts,
      server: counts,
      proxy: null,
      proxyConnections: null,
      agrees: true,
      explanation: 'The servers counted the same calls as the client.',
    },
    rebalance: null,
    tookSeconds: 41.23,
    ...found,
  }
  return result
}

const [first, second, third] = pods

export const pinned = resultOf('cluster-ip', { [first]: 300, [second]: 0, [third]: 0 })

export const even = resultOf(
  'istio-locality',
  { [first]: 114, [second]: 93, [third]: 93 },
  {
    pods: {
      [first]: { release: 'echo', zone: 'zone-a' },
      [second]: { release: 'echo', zone: 'zone-b' },
      [third]: { release: 'echo', zone: 'zone-b' },
    },
    truth: {
      client: { [first]: 114, [second]: 93, [third]: 93 },
      server: { [first]: 114, [second]: 93, [third]: 93 },
      proxy: { [first]: 114, [second]: 93, [third]: 93 },
      proxyConnections: { [first]: 2, [second]: 1, [third]: 1 },
      agrees: true,
      explanation: 'Client, servers and proxy counted the same calls.',
    },
  },
)

/** Even, and yet not as expected: a check is not met and the servers counted otherwise. */
export const failed = resultOf(
  'istio-fault',
  { [first]: 51, [second]: 50, [third]: 49 },
  {
    requests: 300,
    failed: 150,
    errors: { UNAVAILABLE: 149, CANCELLED: 1 },
    checks: [
      { what: 'half of the calls fail', found: '150 of 300 calls failed.', met: true },
      { what: 'the proxy aborts them itself', found: '12 of them reached a pod.', met: false },
    ],
    truth: {
      client: { [first]: 51, [second]: 50, [third]: 49 },
      server: { [first]: 51, [second]: 50, [third]: 61 },
      proxy: null,
      proxyConnections: null,
      agrees: false,
      explanation: `The servers counted 162 calls and the client 150: ${third} answered 12 that the client has as failed.`,
    },
  },
)

const stable = ['stable-echo-7bf96cd985-jq7bp', 'stable-echo-7bf96cd985-x2lzm'] as const
const canary = 'canary-echo-5f5d5c8746-vw5t2'
const canaryCounts = { [stable[0]]: 751, [stable[1]]: 735, [canary]: 1514 }

/** Its counts are those of all calls, under whichever weights. */
export const weighted = resultOf('istio-canary', canaryCounts, {
  expected: 'matches-weights',
  verdict: 'matches-weights',
  reason: 'The shares were as weighted under each of stable 99, canary 1; stable 50, canary 50; stable 0, canary 100.',
  pods: {
    [stable[0]]: { release: 'stable', zone: '' },
    [stable[1]]: { release: 'stable', zone: '' },
    [canary]: { release: 'canary', zone: '' },
  },
  steps: [
    {
      weights: { stable: 99, canary: 1 },
      counts: { stable: 989, canary: 11 },
      requests: 1000,
      failed: 0,
      verdict: 'matches-weights',
      reason:
        'Furthest off is canary with 1.1 % of 1000 calls where 1.0 % is expected, within chance (p = 0.63, alpha 0.001).',
    },
    {
      weights: { stable: 50, canary: 50 },
      counts: { stable: 497, canary: 503 },
      requests: 1000,
      failed: 0,
      verdict: 'matches-weights',
      reason:
        'Furthest off is canary with 50.3 % of 1000 calls where 50.0 % is expected, within chance (p = 0.87, alpha 0.001).',
    },
    {
      weights: { stable: 0, canary: 100 },
      counts: { stable: 0, canary: 1000 },
      requests: 1000,
      failed: 0,
      verdict: 'matches-weights',
      reason: 'All 1000 calls went to canary, as the weights say.',
    },
  ],
})

const joined = ['echo-7bf96cd985-c4gmx', 'echo-7bf96cd985-zzq8h'] as const

/** A minute under load: three pods, then five, then two. */
export const rebalance: Rebalance = {
  requests: 5950,
  failed: 14,
  joined: [
    { pod: joined[0], firstCallSeconds: 0.312, fairShareSeconds: 1.9 },
    { pod: joined[1], firstCallSeconds: 4.25, fairShareSeconds: null },
  ],
  left: [
    { pod: second, lastCallSeconds: 0.41 },
    { pod: third, lastCallSeconds: null },
  ],
  errors: [
    { phase: 'three pods', requests: 2000, errors: {} },
    { phase: 'scaling 3 to 5', requests: 2000, errors: {} },
    { phase: 'scaling 5 to 2', requests: 1950, errors: { UNAVAILABLE: 13, CANCELLED: 1 } },
  ],
  series: {
    seconds: Array.from({ length: 60 }, (_, second) => second),
    calls: {
      [first]: calls((second) => (second < 21 ? 33 : second < 41 ? 21 : 49)),
      [second]: calls((second) => (second < 21 ? 34 : second < 41 ? 19 : 0)),
      [third]: calls((second) => (second < 21 ? 33 : second < 40 ? 20 : 0)),
      [joined[0]]: calls((second) => (second < 21 ? 0 : second < 41 ? 24 : 37)),
      [joined[1]]: calls((second) => (second < 25 ? 0 : second < 41 ? 12 : 14)),
    },
    failed: Array.from({ length: 60 }, (_, second) => (second === 40 ? 9 : second === 41 ? 5 : 0)),
    marks: [
      { second: 20, text: 'scaling 3 to 5' },
      { second: 20.6, text: `${joined[0]} is ready` },
      { second: 40, text: 'scaling 5 to 2' },
    ],
  },
}

/** Values for a minute that wander by a few calls, the same on every run. */
function calls(base: (second: number) => number): number[] {
  return Array.from({ length: 60 }, (_, second) => {
    const wanted = base(second)
    return wanted === 0 ? 0 : wanted + ((second * 7) % 5) - 2
  })
}

export const scaled = resultOf('headless-max-age', { [first]: 101, [second]: 100, [third]: 99 }, { rebalance })

export const notRun: NotRun = {
  scenario: 'istio-ambient',
  expected: 'even',
  verdict: null,
  failed: false,
  reason: 'The cluster has no ztunnel, which ambient needs.',
}

/** 200 pods, of which the first gets the most and the last the least. */
export const crowd = resultOf(
  'crowd',
  Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`echo-7bf96cd985-${index.toString(36).padStart(5, 'b')}`, 1200 - index]),
  ),
  { expected: 'even', clients: 40, latencyMilliseconds: null },
)

export const silent = resultOf('nothing', { [first]: 0, [second]: 0 }, { expected: 'even', latencyMilliseconds: null })

/** What would be markup, a cell's end, the end of CDATA or a command to a terminal, in every text from outside. */
export const hostileText = `<script>alert(1)</script> | ]]> & "quoted" 'single' \u001b[2J\u0000\r\n\u202e\ud800\uffff \`code\` --> </style>`

export const hostile = resultOf(
  hostileText,
  { [hostileText]: 3, __proto__x: 2, constructor: 1 },
  {
    expected: 'even',
    verdict: 'skewed',
    reason: hostileText,
    failed: 1,
    errors: { [hostileText]: 1 },
    checks: [{ what: hostileText, found: hostileText, met: false }],
    pods: { [hostileText]: { release: hostileText, zone: hostileText }, constructor: { release: 'b', zone: '' } },
    steps: [
      {
        weights: { [hostileText]: 1 },
        counts: { [hostileText]: 1 },
        requests: 1,
        failed: 0,
        verdict: 'insufficient',
        reason: hostileText,
      },
    ],
    truth: {
      client: { [hostileText]: 3 },
      server: { [hostileText]: 4 },
      proxy: { toString: 3 } as unknown as Record<string, number>,
      proxyConnections: { [hostileText]: 4 },
      agrees: false,
      explanation: hostileText,
    },
    rebalance: {
      requests: 3,
      failed: 1,
      joined: [{ pod: hostileText, firstCallSeconds: null, fairShareSeconds: null }],
      left: [{ pod: hostileText, lastCallSeconds: null }],
      errors: [{ phase: hostileText, requests: 1, errors: { [hostileText]: 1 } }],
      series: {
        seconds: [0],
        calls: { [hostileText]: [3] },
        failed: [1],
        marks: [{ second: 99, text: hostileText }],
      },
    },
  },
)

export const hostileNotRun: NotRun = {
  scenario: hostileText,
  expected: 'even',
  verdict: null,
  reason: hostileText,
  failed: false,
}

export const hostileInfo: RunInfo = {
  startedAt: '2026-10-14T14:03:27+02:00',
  tookSeconds: 0.4,
  versions: { [hostileText]: hostileText },
}

export const usual: readonly Row[] = [pinned, even, failed, weighted, scaled, notRun]
export const unusual: readonly Row[] = [crowd, silent, hostile, hostileNotRun]
