import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resultsTable } from '../../scripts/report/table.ts'
import { crowd, even, failed, hostile, notRun, pinned, resultOf, scaled, silent, usual, weighted } from './rows.ts'

beforeEach(() => {
  vi.stubEnv('NO_COLOR', '1')
  vi.stubEnv('FORCE_COLOR', undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe('the table of results', () => {
  it('has a line per pod, by what tells it from the others, and counts the rows at the end', () => {
    expect(
      resultsTable([pinned, notRun]),
    ).toBe(`scenario       expected  verdict   share per pod                    failed    took
cluster-ip     pinned    ✔ pinned  …jq7bp ████████████████ 100.0 %  0 of 300  41.2 s
                                   …x2lzm                    0.0 %
                                   …9tkvw                    0.0 %
  latency: p50 1.8 ms, p99 7.1 ms, max 30.2 ms
istio-ambient  even      – The cluster has no ztunnel, which ambient needs.

1 of 2 as expected, 1 not run`)
  })

  it('marks a row that broke off, and counts it apart from those that could not begin', () => {
    const broken = { ...notRun, failed: true, reason: 'It took too long.' }
    const lines = linesOf([pinned, notRun, broken])
    expect(lines.at(-3)).toMatch(/✖ It took too long\.$/)
    expect(lines.at(-1)).toBe('1 of 3 as expected, 1 broke off, 1 not run')
  })

  it('tells below a row which checks were met, which failed, and that the counts differ', () => {
    const lines = linesOf([failed])
    expect(lines[1]).toMatch(/^istio-fault +even +✖ even +…jq7bp █+▌ +34\.0 % {2}150 of 300 {2}41\.2 s$/)
    expect(lines.slice(4, 8)).toEqual([
      '  failed calls: UNAVAILABLE 149, CANCELLED 1',
      '  ✔ half of the calls fail: 150 of 300 calls failed.',
      '  ✖ the proxy aborts them itself: 12 of them reached a pod.',
      `  ✖ counts differ: ${failed.truth.explanation}`,
    ])
    expect(lines.at(-1)).toBe('0 of 1 as expected, 1 not')
  })

  it('tells why a verdict is another than expected', () => {
    const [, , , , reason] = linesOf([{ ...pinned, expected: 'even' }])
    expect(reason).toBe('  All 300 calls went to echo-7bf96cd985-jq7bp, of 3 peers.')
    expect(linesOf([pinned])).not.toContain(reason)
  })

  it('tells latency, socket addresses and the connections that Envoy opened, where they are known', () => {
    const addresses = { dialled: { '10.96.0.7:8080': 300 }, seen: { '127.0.0.6': 299, '10.244.1.9': 1 } }
    const proxyConnections = { 'echo-7bf96cd985-jq7bp': 1, 'echo-7bf96cd985-x2lzm': 11 }
    const row = { ...pinned, addresses, truth: { ...pinned.truth, proxyConnections } }
    expect(linesOf([row]).slice(4, 8)).toEqual([
      '  latency: p50 1.8 ms, p99 7.1 ms, max 30.2 ms',
      "  the client's sockets went to: 10.96.0.7:8080 300",
      "  the servers' sockets came from: 127.0.0.6 299 · 10.244.1.9 1",
      '  connections that Envoy opened: …jq7bp 1 · …x2lzm 11',
    ])
    const several = { ...pinned, latencyMilliseconds: null }
    expect(linesOf([several]).join()).not.toContain('latency')
  })

  it('tells what each weights led to', () => {
    expect(linesOf([weighted]).slice(4, 7)).toEqual([
      '  ✔ weights stable 99 · canary 1: matches-weights, stable 989 · canary 11 of 1000 calls, 0 failed',
      '  ✔ weights stable 50 · canary 50: matches-weights, stable 497 · canary 503 of 1000 calls, 0 failed',
      '  ✔ weights stable 0 · canary 100: matches-weights, stable 0 · canary 1000 of 1000 calls, 0 failed',
    ])
    const steps = [{ ...(weighted.steps[0] as (typeof weighted.steps)[0]), verdict: 'skewed' as const }]
    expect(linesOf([{ ...weighted, steps }])[4]).toMatch(/^ {2}✖ weights stable 99 · canary 1: skewed, /)
  })

  it('tells when calls found the pods that joined, and left those that went', () => {
    expect(linesOf([scaled]).slice(4, 10)).toEqual([
      '  …c4gmx joined: first call after 0.31 s, fair share after 1.9 s',
      '  …zzq8h joined: first call after 4.3 s, fair share never',
      '  …x2lzm left: last call after 0.41 s',
      '  …9tkvw left: no call since its deletion began',
      '  14 of 5950 calls failed under load',
      '  scaling 5 to 2: of 1950 calls failed UNAVAILABLE 13, CANCELLED 1',
    ])
  })

  it('shows of 200 pods the busiest, the idlest and what lies between', () => {
    const lines = linesOf([crowd])
    expect(lines).toHaveLength(1 + 13 + 1 + 2)
    expect(lines[1]).toMatch(/…bbbb0 ▏ +0\.5 %/)
    expect(lines[7]).toMatch(/^ +… 188 more with 0\.5 % to 0\.5 %$/)
    expect(lines[13]).toMatch(/…bbb5j ▏ +0\.5 %$/)
  })

  it('names only some of many pods that joined', () => {
    const joined = Array.from({ length: 40 }, (_, index) => ({
      pod: `p${index}`,
      firstCallSeconds: 1,
      fairShareSeconds: 2,
    }))
    const rebalance = { requests: 1, failed: 0, joined, left: [], errors: [], series: emptySeries }
    const lines = linesOf([{ ...even, rebalance }])
    expect(lines.filter((line) => line.includes(' joined: '))).toHaveLength(12)
    expect(lines).toContain('  … and 28 more')
  })

  it('says nothing of fair shares where no series was kept', () => {
    const joined = [{ pod: 'pod-4', firstCallSeconds: 0.27, fairShareSeconds: null }]
    const rebalance = { requests: 747, failed: 0, joined, left: [], errors: [], series: emptySeries }
    expect(linesOf([resultOf('lab', { 'pod-1': 1 }, { rebalance })])).toContain(
      '  pod-4 joined: first call after 0.27 s',
    )
  })

  it('takes rows without calls and without pods', () => {
    expect(linesOf([silent])[1]).toMatch(/✖ insufficient {2}…jq7bp +0\.0 % {2}0 of 0 {2}41\.2 s$/)
    const bare = { ...silent, counts: {}, tookSeconds: 0 }
    expect(linesOf([bare])[1]).toBe('nothing   even      ✖ insufficient  no pod         0 of 0  –')
  })

  it('sends no command to a terminal, and no line break into a cell', () => {
    const table = resultsTable([hostile])
    expect(table).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u)
    expect(table.split('\n')).toHaveLength(1 + 3 + 11 + 2)
  })

  it('colours marks and verdicts, and changes no width by it', () => {
    const plain = resultsTable(usual)
    vi.stubEnv('NO_COLOR', undefined)
    vi.stubEnv('FORCE_COLOR', '1')
    const coloured = resultsTable(usual)
    expect(coloured).toContain('\u001b[32m✔ pinned\u001b[39m           …jq7bp')
    expect(coloured).toContain('\u001b[31m✖ even\u001b[39m')
    expect(coloured).toContain('  \u001b[31m✖\u001b[39m the proxy aborts')
    expect(stripVTControlCharacters(coloured)).toBe(plain)
  })
})

const emptySeries = { seconds: [], calls: {}, failed: [], marks: [] }

const linesOf = (rows: Parameters<typeof resultsTable>[0]): string[] => resultsTable(rows).split('\n')
