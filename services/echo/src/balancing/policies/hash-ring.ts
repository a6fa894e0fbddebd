import type { Hash64 } from './xxh64.ts'

/** What is placed on a ring. */
export interface RingMember {
  /** Says where on the ring: in gRPC and Envoy the first address, `10.0.0.1:8080`. */
  readonly key: string
  /** How many keys it gets in relation to others; above 0. */
  readonly weight: number
}

/** How many places a ring has; from the smaller to the larger number, so that each member has a whole number of them. */
export interface RingSize {
  readonly minRingSize: number
  readonly maxRingSize: number
}

/**
 * A ring of hashes (Ketama), the same as gRPC and Envoy make of the same members (gRFC A42): a hash belongs to the member at the
 * next place of the ring. A member that joins n others gets about 1 of n + 1 keys; as many at most change between the others,
 * since all share the places of one ring and each has fewer then.
 */
export class HashRing<Member extends RingMember> {
  private readonly hashes: BigUint64Array
  private readonly owners: readonly Member[]

  /** @param members at least one. */
  constructor(members: readonly Member[], size: RingSize, hash: Hash64) {
    const places = placesOf(members, size, hash).sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))
    this.hashes = BigUint64Array.from(places, (place) => place.hash)
    this.owners = places.map(({ member }) => member)
  }

  /** How many places there are. */
  get size(): number {
    return this.owners.length
  }

  /** The member that a hash belongs to, or else the next one around the ring that takes it; undefined when none does. */
  find(hash: bigint, takes: (member: Member) => boolean): Member | undefined {
    const { owners } = this
    const from = this.placeOf(hash)
    for (let passed = 0; passed < owners.length; passed++) {
      const member = owners[(from + passed) % owners.length] as Member
      if (takes(member)) return member
    }
    return undefined
  }

  /** The first place at or behind the hash; behind the last one is the first. */
  private placeOf(hash: bigint): number {
    let low = 0
    let high = this.hashes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.hashes[middle] as bigint) < hash) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** As grpc-go's newRing, in the order of the keys: rounding decides who has a place more. */
function placesOf<Member extends RingMember>(members: readonly Member[], size: RingSize, hash: Hash64) {
  const sorted = [...members].sort((a, b) => (a.key < b.key ? -1 : 1))
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  const least = Math.min(...sorted.map(({ weight }) => weight / total))
  const scale = Math.min(Math.ceil(least * size.minRingSize) / least, size.maxRingSize)
  const places: { hash: bigint; member: Member }[] = []
  let target = 0
  for (const member of sorted) {
    target += scale * (member.weight / total)
    for (let index = 0; places.length < target; index++) {
      places.push({ hash: hash(`${member.key}_${index}`), member })
    }
  }
  return places
}
