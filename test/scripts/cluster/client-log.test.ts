import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClientLog } from '../../../scripts/cluster/client-log.ts'
import { interval } from '../stopwatch/intervals.ts'

const here = 1_700_000_000_000
/** The client's clock is so far ahead. */
const ahead = 5000
const told = (from: number, to: number) => interval(from + ahead, to + ahead, { a: 3, b: 0 })
const report = { type: 'report', requests: 3, failed: 0, counts: { a: 3 } }

beforeEach(() => {
  vi.useFakeTimers({ now: here })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Takes an interval so many milliseconds after it was written. */
function takeLate(log: ClientLog, said: ReturnType<typeof told>, delay: number): void {
  vi.setSystemTime(said.to - ahead + delay)
  log.take(JSON.stringify(said))
}

describe('ClientLog', () => {
  it('tells intervals with every time by the clock here, but for the least delay', () => {
    const log = new ClientLog('client-0')
    takeLate(log, told(here, here + 250), 40)
    takeLate(log, told(here + 250, here + 500), 3)
    takeLate(log, told(here + 500, here + 750), 900)
    expect(log.intervals()).toEqual([0, 250, 500].map((at) => interval(here + at + 3, here + at + 253, { a: 3, b: 0 })))
  })

  it('leaves all but times as the client has told it', () => {
    const log = new ClientLog('client-0')
    const said = { ...told(here, here + 250), errors: { UNAVAILABLE: 1 }, moved: { 'key-1': 'a' }, failed: 1 }
    takeLate(log, said, 0)
    expect(log.intervals()).toMatchObject([
      { errors: { UNAVAILABLE: 1 }, moved: { 'key-1': 'a' }, failed: 1, requests: 3 },
    ])
  })

  it('keeps the report, which is no interval', () => {
    const log = new ClientLog('client-0')
    expect(log.report).toBeUndefined()
    log.take(JSON.stringify(report))
    expect(log.report).toEqual(report)
    expect(log.intervals()).toEqual([])
    expect(log.lastWords).toBe('')
  })

  it('keeps the last line of prose', () => {
    const log = new ClientLog('client-0')
    for (const line of ['ready', ' echo: no server at a:1 ', '', '   ', JSON.stringify(told(here, here + 1))])
      log.take(line)
    expect(log.lastWords).toBe('echo: no server at a:1')
  })

  it.each(['{"a": 1}', '{"type":"interval","from":17', '[]', '"type":'])('takes %s for prose', (line) => {
    const log = new ClientLog('client-0')
    log.take(line)
    expect([log.lastWords, log.intervals(), log.report]).toEqual([line, [], undefined])
  })

  it('takes the whole log anew, none of it twice and with what was missed, and keeps to the least delay', () => {
    const log = new ClientLog('client-0')
    const lines = [told(here, here + 250), told(here + 250, here + 500)]
    takeLate(log, lines[0] as ReturnType<typeof told>, 10)
    vi.setSystemTime(here + 60_000)
    log.retake([...lines, report].map((line) => JSON.stringify(line)).join('\n'))
    expect(log.intervals().map(({ from, to }) => [from - here, to - here])).toEqual([
      [10, 260],
      [260, 510],
    ])
    expect(log.report).toEqual(report)
  })

  it('forgets nothing but intervals when there is nothing to be had anew', () => {
    const log = new ClientLog('client-0')
    log.take('echo: killed')
    log.retake('')
    expect(log.lastWords).toBe('echo: killed')
  })

  it('keeps the first three of what it said of calls that failed', () => {
    const log = new ClientLog('client-0')
    const failed = [1, 5, 6, 9].map((call) => `call ${call} failed: UNAVAILABLE: no`)
    for (const line of ['call 0 served by a', ...failed, 'that call 7 failed: no']) log.take(line)
    expect(log.complaints).toEqual(failed.slice(0, 3))
    expect(log.lastWords).toBe('that call 7 failed: no')
  })
})
