const most = 65_535
const rounds = 2 ** 32

/** Bounds of a weight, in means of all: nobody starves, and the search for whose turn it is stays short. gRPC's own. */
const [leastOfMean, mostOfMean] = [0.01, 10]

/**
 * Takes turns in proportion to weights, as gRPC's weighted_round_robin does (gRFC A58, static stride): it goes round all members,
 * and skips each as often as its weight is below the largest. Turns of one member lie as far apart as may be.
 */
export class StaticStride {
  private readonly strides: readonly number[]
  private turn: number

  /**
   * @param weights above 0, or undefined for the mean of those that are known; at least one member.
   * @param factors what to multiply each with after that.
   * @param turn where to begin, so that a scheduler goes on where another was.
   */
  constructor(weights: readonly (number | undefined)[], factors: readonly number[], turn: number) {
    const known = weights.filter((weight) => weight !== undefined)
    const mean =
      Math.min(
        Number.MAX_VALUE,
        known.reduce((sum, weight) => sum + weight / known.length, 0),
      ) || 1
    const shares = weights.map((weight = mean, at) => bounded(weight / mean) * (factors[at] as number))
    const largest = Math.max(...shares)
    this.strides = shares.map((share) => Math.max(1, Math.round((share / largest) * most)))
    this.turn = turn
  }

  /** Where the next scheduler is to go on. */
  get nextTurn(): number {
    return this.turn
  }

  /** Whose turn it is, by its place in the list of weights. */
  next(): number {
    const { length } = this.strides
    for (;;) {
      const turn = this.turn
      this.turn = (turn + 1) % rounds
      const member = turn % length
      const stride = this.strides[member] as number
      // Half a stride further for every other member, so that equal ones are not skipped in the same round.
      const passed = (stride * Math.floor(turn / length) + member * (most >> 1)) % most
      if (passed >= most - stride) return member
    }
  }
}

const bounded = (share: number): number => Math.min(mostOfMean, Math.max(leastOfMean, share))
