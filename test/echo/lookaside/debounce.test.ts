import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Debounce } from '../../../services/echo/src/lookaside/debounce.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function debounce(quietMilliseconds: number, maximumMilliseconds: number) {
  const due: number[] = []
  const made = new Debounce((firstAt) => due.push(performance.now() - firstAt))
  Object.assign(made, { quietMilliseconds, maximumMilliseconds })
  return { made, due }
}

it('waits for so much quiet, and tells when the first event came', () => {
  const { made, due } = debounce(10, 100)
  made.event()
  vi.advanceTimersByTime(9)
  made.event()
  vi.advanceTimersByTime(9)
  expect(due).toEqual([])
  vi.advanceTimersByTime(1)
  expect(due).toEqual([19])
  made.event()
  vi.advanceTimersByTime(10)
  expect(due).toEqual([19, 10])
})

it('waits no longer than the maximum while events go on', () => {
  const { made, due } = debounce(10, 50)
  for (let at = 0; at < 100; at += 5) {
    made.event()
    vi.advanceTimersByTime(5)
  }
  expect(due).toEqual([50, 50])
})

it('tells nothing after it is closed', () => {
  const { made, due } = debounce(10, 50)
  made.event()
  made.close()
  vi.advanceTimersByTime(100)
  expect(due).toEqual([])
})
