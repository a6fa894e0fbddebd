import { describe, expect, it } from 'vitest'
import { EvenlyError } from '../../scripts/lib/exit.ts'
import { parseSaved } from '../../scripts/report/saved.ts'
import { even, hostileText, info, notRun, pinned, rebalance, scaled, unusual, usual } from './rows.ts'

const differentLengths = 'x: result 1 (headless-max-age): rebalance.series has lists of different lengths'
const fix = 'give what `evenly matrix -o json` or `evenly demo --once -o json` printed'

describe('saved results', () => {
  it('are read as they were printed', () => {
    const rows = [...usual, ...unusual]
    // What JSON has no way to write, half a character, comes back whole.
    expect(parseSaved(JSON.stringify(rows), 'x')).toEqual({ rows: JSON.parse(JSON.stringify(rows)), info: undefined })
  })

  it('may come with when and with what they were measured', () => {
    expect(parseSaved(JSON.stringify({ info, rows: usual }), 'x')).toEqual({ rows: usual, info })
    expect(parseSaved(JSON.stringify({ rows: usual }), 'x').info).toBeUndefined()
  })

  it('may hold what only a newer evenly knows', () => {
    expect(parseSaved(JSON.stringify([{ ...even, more: 1 }]), 'x').rows).toEqual([{ ...even, more: 1 }])
  })

  it('of the lab get what the lab leaves out, its new pods included', () => {
    const { scenario, expected, verdict, reason, requests, failed, counts, jain, maxOverMean, pValue } = even
    const spread = { scenario, expected, verdict, reason, requests, failed, counts, jain, maxOverMean, pValue }
    const total = { requests: 747, failed: 2, errors: {} }
    const saved = [
      { ...spread, total, newPods: { 'pod-4': 0.27, 'pod-5': null } },
      { ...spread, total, newPods: {} },
    ]
    const rest = {
      pods: {},
      clients: 1,
      errors: {},
      latencyMilliseconds: null,
      checks: [],
      steps: [],
      truth: {
        client: counts,
        server: null,
        proxy: null,
        proxyConnections: null,
        agrees: true,
        explanation: 'The client alone counted.',
      },
      tookSeconds: 0,
    }
    const labRebalance = {
      requests: 747,
      failed: 2,
      joined: [
        { pod: 'pod-4', firstCallSeconds: 0.27, fairShareSeconds: null },
        { pod: 'pod-5', firstCallSeconds: null, fairShareSeconds: null },
      ],
      left: [],
      errors: [],
      series: { seconds: [], calls: {}, failed: [], marks: [] },
    }
    expect(parseSaved(JSON.stringify(saved), 'x').rows).toEqual([
      { ...spread, ...rest, rebalance: labRebalance },
      { ...spread, ...rest, rebalance: null },
    ])
  })

  it.each([
    ['nothing', '', 'x is empty'],
    ['blank', ' \n', 'x is empty'],
    ['cut short', '[1,', 'x is not JSON (Unexpected end of JSON input)'],
    ['a command', '{"a": \u001b[2J\n}', expect.stringMatching(/^x is not JSON \(.*␛\[2J.*\)$/)],
    ['a number', '42', 'x holds no list of results'],
    ['null', 'null', 'x holds no list of results'],
    ['an object without rows', '{}', 'x holds no list of results'],
    ['an object whose rows are no list', '{"rows": {}}', 'x holds no list of results'],
    ['an empty list', '[]', 'x holds an empty list'],
    ['empty rows', '{"rows": []}', 'x holds an empty list'],
    ['a list of numbers', '[7]', 'x: result 1 is no object'],
    ['a list of lists', '[[]]', 'x: result 1 is no object'],
    ['a result without anything', '[{}]', 'x: result 1: it has no scenario'],
    ['a row without a scenario', withRow({ scenario: undefined }, notRun), 'x: result 1: it has no scenario'],
    ['a result without a reason', withRow({ reason: undefined }), 'x: result 1 (cluster-ip): it has no reason'],
    [
      'an unknown verdict',
      withRow({ verdict: 'good' }),
      'x: result 1 (cluster-ip): verdict: "good" is none of "even", "pinned", "skewed", "matches-weights", "insufficient", "sticky", "scattered", "zone-first", "zone-blind", "load-aware" or "load-blind"',
    ],
    [
      'a negative count',
      withRow({ counts: { 'a/b~c': -1 } }),
      'x: result 1 (cluster-ip): counts.a/b~c: -1 is less than 0',
    ],
    [
      'a fraction of a call',
      withRow({ requests: 1.5 }),
      'x: result 1 (cluster-ip): requests: 1.5 is a fraction, and a whole number is wanted',
    ],
    [
      'endless calls',
      withRow({}).replace('"requests":300', '"requests":1e999'),
      expect.stringMatching(/^x: result 1 \(cluster-ip\): requests: /),
    ],
    ['a truth without counts', withRow({ truth: {} }), 'x: result 1 (cluster-ip): truth: it has no client'],
    [
      'a hostile name',
      withRow({ scenario: hostileText, jain: '1' }),
      expect.stringMatching(/^x: result 1 \(<script>.*␛\[2J␀.*\): jain: "1" is text, and a number is wanted$/),
    ],
    [
      'a time in words',
      JSON.stringify({ info: { ...info, startedAt: 'today' }, rows: usual }),
      'x: info: startedAt: "today" cannot stand here',
    ],
    [
      'a time that never is',
      JSON.stringify({ info: { ...info, startedAt: '2026-13-99T12:00Z' }, rows: usual }),
      'x: info: startedAt is no time',
    ],
    ['no info', JSON.stringify({ info: null, rows: usual }), 'x: info: null is nothing, and a map is wanted'],
    ['a short list of failed calls', withSeries({ failed: [0] }), differentLengths],
    ['a short list of calls', withSeries({ calls: { a: [1] } }), differentLengths],
    [
      'time that stands still',
      withSeries({ seconds: rebalance.series.seconds.map(() => 1) }),
      'x: result 1 (headless-max-age): rebalance.series.seconds do not rise',
    ],
  ])('are refused when they are or hold %s', (_, json, sentence) => {
    expect(refusal(json)).toEqual({ exitCode: 65, sentence })
  })
})

function withRow(changes: object, row: object = pinned): string {
  return JSON.stringify([{ ...row, ...changes }])
}

function withSeries(series: object): string {
  return JSON.stringify([{ ...scaled, rebalance: { ...rebalance, series: { ...rebalance.series, ...series } } }])
}

/** The sentence less the fix that ends each. */
function refusal(json: string) {
  try {
    parseSaved(json, 'x')
  } catch (error) {
    if (!(error instanceof EvenlyError)) throw error
    expect(error.message).not.toContain('\n')
    expect(error.message.endsWith(`: ${fix}`)).toBe(true)
    return { exitCode: error.exitCode, sentence: error.message.slice(0, -fix.length - 2) }
  }
  return 'none'
}
