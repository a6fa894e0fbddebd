import { expect, it } from 'vitest'
import { Backoff } from '../../../../services/echo/src/balancing/endpoint-slices/backoff.ts'

const waits = (random: () => number, count: number) => {
  const backoff = new Backoff({ initialMilliseconds: 100, maximumMilliseconds: 1000, random })
  return Array.from({ length: count }, () => backoff.next())
}

it('doubles the end of its waits up to a cap', () => {
  expect(waits(() => 1, 6)).toEqual([100, 200, 400, 800, 1000, 1000])
})

it('waits at random from nothing to that end', () => {
  expect(waits(() => 0, 3)).toEqual([0, 0, 0])
  expect(waits(() => 0.5, 3)).toEqual([50, 100, 200])
})

it('begins anew after success', () => {
  const backoff = new Backoff({ initialMilliseconds: 100, maximumMilliseconds: 1000, random: () => 1 })
  backoff.next()
  backoff.next()
  backoff.reset()
  expect(backoff.next()).toBe(100)
})
