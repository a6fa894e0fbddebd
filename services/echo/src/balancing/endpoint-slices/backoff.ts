export interface BackoffOptions {
  /** Upper end of the first wait. Default 250. */
  readonly initialMilliseconds?: number
  /** Upper end that no wait exceeds. Default 10,000. */
  readonly maximumMilliseconds?: number
  /** A number from 0 to below 1. Default Math.random. */
  readonly random?: () => number
}

/**
 * Waits between attempts: each at random from 0 to an end that doubles, so that many clients that lost one server do not come
 * back to it together ("full jitter").
 */
export class Backoff {
  private readonly initial: number
  private readonly maximum: number
  private readonly random: () => number
  private end: number

  constructor({ initialMilliseconds = 250, maximumMilliseconds = 10_000, random = Math.random }: BackoffOptions = {}) {
    this.initial = initialMilliseconds
    this.maximum = maximumMilliseconds
    this.random = random
    this.end = initialMilliseconds
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const wait = this.random() * this.end
    this.end = Math.min(this.maximum, this.end * 2)
    return wait
  }

  /** After success: the next wait is a first one. */
  reset(): void {
    this.end = this.initial
  }
}
