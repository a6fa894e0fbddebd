/** Mulberry32: 32 bits of state, the same numbers on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Calls per peer when each of `calls` goes to peer i with probability shares[i]. */
export function tallyAtRandom(shares: readonly number[], calls: number, random: () => number): number[] {
  const counts = shares.map(() => 0)
  for (let call = 0; call < calls; call++) {
    let left = random()
    let peer = 0
    while (peer < shares.length - 1 && left >= (shares[peer] as number)) left -= shares[peer++] as number
    counts[peer] = (counts[peer] as number) + 1
  }
  return counts
}

/** 1 of `peers` each. */
export const evenShares = (peers: number): number[] => new Array<number>(peers).fill(1 / peers)
