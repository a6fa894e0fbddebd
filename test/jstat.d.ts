/** The little of jstat that tests compare with; the package has no types. */
declare module 'jstat' {
  export const chisquare: {
    /** Probability that a chi-square variable is at most x. */
    cdf(x: number, degreesOfFreedom: number): number
    /** The value below which it falls with probability p. */
    inv(p: number, degreesOfFreedom: number): number
  }
}
