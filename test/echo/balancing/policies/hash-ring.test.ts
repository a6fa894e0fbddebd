import { describe, expect, it } from 'vitest'
import { HashRing } from '../../../../services/echo/src/balancing/policies/hash-ring.ts'
import { loadXxh64 } from '../../../../services/echo/src/balancing/policies/xxh64.ts'
import grpcGo from './grpc-go-rings.json' with { type: 'json' }

const hash = await loadXxh64()
const usual = { minRingSize: 1024, maxRingSize: 4096 }
const pods = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `10.0.${index >> 8}.${index & 255}:8080`, weight: 1 }))
const keys = Array.from({ length: 10_000 }, (_, index) => hash(`key ${index}`))
const owners = (ring: HashRing<{ key: string; weight: number }>) => keys.map((key) => ring.find(key, () => true)?.key)

describe('XXH64', () => {
  it('is the one that its authors specify', () => {
    expect(hash('')).toBe(0xef46db3751d8e999n)
    expect(hash('a')).toBe(0xd24ec4f1a98c6e5bn)
    expect(hash('Call me Ishmael. Some years ago--never mind how long precisely-')).toBe(0x02a2e85470d6fd96n)
  })
})

describe('a ring of hashes', () => {
  it.each(grpcGo.rings.map((ring) => [Object.keys(ring.members).length, ring.size, ring] as const))(
    "has grpc-go's owner for every key, of %i members at %i places",
    (_members, _size, { members, minRingSize, maxRingSize, size, owners }) => {
      const list = Object.entries(members).map(([key, weight]) => ({ key, weight }))
      for (const order of [list, list.toReversed()]) {
        const ring = new HashRing(order, { minRingSize, maxRingSize }, hash)
        const found = Array.from({ length: 300 }, (_, user) => ring.find(hash(`user-${user}`), () => true))
        expect(ring.size).toBe(size)
        expect(found.map((member) => list.findIndex(({ key }) => key === member?.key)).join('')).toBe(owners)
      }
    },
  )

  it('gives about 1 of n + 1 keys to a member that joins n, and moves no more than as many besides', () => {
    for (const count of [3, 10, 30]) {
      const share = 1 / (count + 1)
      const [before, after] = [count, count + 1].map((members) => owners(new HashRing(pods(members), usual, hash)))
      const moved = (after as string[]).filter((key, index) => key !== before?.[index])
      const joined = moved.filter((key) => key === pods(count + 1).at(-1)?.key)
      expect(joined.length / keys.length).toBeGreaterThan(0.6 * share)
      expect(joined.length / keys.length).toBeLessThan(1.4 * share)
      expect((moved.length - joined.length) / keys.length).toBeLessThan(1.2 * share)
    }
  })

  it('gives keys in proportion to weights', () => {
    const [light, heavy] = pods(2) as [{ key: string; weight: number }, { key: string; weight: number }]
    const counts = owners(new HashRing([light, { ...heavy, weight: 3 }], usual, hash)).filter(
      (key) => key === heavy.key,
    )
    expect(counts.length / keys.length).toBeGreaterThan(0.7)
    expect(counts.length / keys.length).toBeLessThan(0.8)
  })

  it('offers a hash to the next members around, each of which may refuse', () => {
    const ring = new HashRing(pods(5), usual, hash)
    const offered: string[] = []
    const last = ring.find(keys[0] as bigint, ({ key }) => {
      if (!offered.includes(key)) offered.push(key)
      return offered.length === 5
    })
    expect(new Set(offered)).toEqual(new Set(pods(5).map(({ key }) => key)))
    expect(last?.key).toBe(offered[4])
    const without = new HashRing(
      pods(5).filter(({ key }) => key !== offered[0]),
      usual,
      hash,
    )
    expect(without.find(keys[0] as bigint, () => true)?.key).toBe(offered[1])
    expect(ring.find(0n, () => false)).toBeUndefined()
  })

  it('gives a hash that is the very one of a place to the member there', () => {
    const ring = new HashRing(pods(5), usual, hash)
    for (const { key } of pods(5)) expect(ring.find(hash(`${key}_7`), () => true)?.key).toBe(key)
  })

  it('begins again behind its last place', () => {
    const ring = new HashRing(pods(3), usual, hash)
    expect(ring.find(2n ** 64n - 1n, () => true)).toBe(ring.find(0n, () => true))
  })
})
