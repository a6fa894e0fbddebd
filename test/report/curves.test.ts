import { describe, expect, it } from 'vitest'
import { curvesOf } from '../../scripts/report/html/curves.ts'
import { rebalance } from './rows.ts'

const nobody = { ...rebalance, joined: [], left: [] }

describe('the curves of a rebalance', () => {
  it('are none without a series', () => {
    const series = { seconds: [], calls: {}, failed: [], marks: [] }
    expect(curvesOf({ ...rebalance, series })).toBeUndefined()
  })

  it('are calls per second, however long an interval is', () => {
    const series = { seconds: [0, 0.5, 2.5], calls: { a: [10, 40, 6] }, failed: [0, 1, 2], marks: [] }
    expect(curvesOf({ ...nobody, series })).toEqual({
      intervals: [
        { first: 0, past: 1, from: 0, to: 0.5 },
        { first: 1, past: 2, from: 0.5, to: 2.5 },
        { first: 2, past: 3, from: 2.5, to: 4.5 },
      ],
      lines: [{ pod: 'a', part: 'stayed', rates: [20, 20, 3] }],
      leftOut: 0,
      failed: [0, 0.5, 1],
    })
  })

  it('take one interval for a second', () => {
    const series = { seconds: [0], calls: { a: [7] }, failed: [0], marks: [] }
    expect(curvesOf({ ...nobody, series })?.lines[0]?.rates).toEqual([7])
  })

  it('join intervals where there are more than a chart can show, and lose no call', () => {
    const seconds = Array.from({ length: 1001 }, (_, second) => second)
    const calls = { a: seconds.map((second) => second % 7) }
    const curves = curvesOf({ ...nobody, series: { seconds, calls, failed: seconds.map(() => 1), marks: [] } })
    expect(curves?.intervals).toHaveLength(201)
    expect(curves?.intervals.at(-1)).toMatchObject({ from: 1000, to: 1001 })
    const drawn = curves?.intervals.map(({ from, to }, index) => (to - from) * (curves.lines[0]?.rates[index] ?? 0))
    expect(sum(drawn)).toBeCloseTo(sum(calls.a), 6)
    expect(new Set(curves?.failed)).toEqual(new Set([1]))
  })

  it('begin with pods that joined or left, and know one that never got a call', () => {
    const joined = [...rebalance.joined, { pod: 'late', firstCallSeconds: null, fairShareSeconds: null }]
    const curves = curvesOf({ ...rebalance, joined })
    expect(curves?.lines.map(({ pod, part }) => `${pod.slice(-5)} ${part}`)).toEqual([
      'c4gmx joined',
      'zzq8h joined',
      'late joined',
      'x2lzm left',
      '9tkvw left',
      'jq7bp stayed',
    ])
    expect(new Set(curves?.lines[2]?.rates)).toEqual(new Set([0]))
  })

  it('are eight at most, and say how many are missing', () => {
    const pod = (index: number) => `pod-${index}`
    const calls = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [pod(index), [1]]))
    const joined = Array.from({ length: 20 }, (_, index) => ({
      pod: pod(index),
      firstCallSeconds: 1,
      fairShareSeconds: 1,
    }))
    const left = Array.from({ length: 20 }, (_, index) => ({ pod: pod(100 + index), lastCallSeconds: 1 }))
    const series = { seconds: [0], calls, failed: [0], marks: [] }
    const curves = curvesOf({ ...rebalance, joined, left, series })
    const drawn = curves?.lines.map(({ pod }) => pod.slice('pod-'.length))
    expect(drawn).toEqual(['0', '1', '2', '3', '100', '101', '20', '21'])
    expect(curves?.leftOut).toBe(192)
  })
})

const sum = (numbers: readonly number[] = []): number => numbers.reduce((total, number) => total + number, 0)
