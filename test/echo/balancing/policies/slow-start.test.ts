import { expect, it } from 'vitest'
import { slowStartFactor } from '../../../../services/echo/src/balancing/policies/slow-start.ts'

// Envoy's documentation: weight * max(min_weight_percent, (time / window) ^ (1 / aggression)).
it.each([
  [0, 10, 1, 10, 0.1],
  [-1, 10, 1, 10, 0.1],
  [5, 10, 1, 10, 0.5],
  [5, 10, 2, 10, Math.sqrt(0.5)],
  [5, 10, 0.5, 10, 0.25],
  [1, 10, 0.5, 10, 0.1],
  [1, 10, 1, 35, 0.35],
  [9.99, 10, 1, 10, 0.999],
  [10, 10, 1, 10, 1],
  [1e9, 10, 1, 10, 1],
])('a peer of %d s, of a window of %d s, aggression %d and at least %d %%, has %d of its weight', (...numbers) => {
  const [age, windowSeconds, aggression, minimumWeightPercent, factor] = numbers
  expect(slowStartFactor(age, { windowSeconds, aggression, minimumWeightPercent })).toBeCloseTo(factor, 12)
})

it('without a slow start every peer has all of its weight', () => {
  expect(slowStartFactor(0, undefined)).toBe(1)
})
