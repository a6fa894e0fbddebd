/**
 * The observer's clock against the client's. A client writes each line at its `to`, by its own clock; the observer notes when
 * the line arrives, by its own. The difference is the offset of the clocks plus the line's delay on its way, and a delay is
 * never negative, so the smallest difference seen comes nearest to the offset.
 *
 * What is left in it is the smallest delay of any line, one way. The offset is too large by that much, so `toObserver` places
 * what the client saw that much too late, never too early: waits that end with it come out too long by at most the smallest
 * delay, milliseconds where logs are followed. Clocks that drift or are set while they are compared add to it.
 */
export class ClockOffset {
  private smallest = Infinity

  /**
   * Notes a line that arrived.
   *
   * @param to the line's `to`, in milliseconds since 1970 by the client's clock
   * @param arrivedAt milliseconds since 1970 by the observer's clock
   */
  note(to: number, arrivedAt: number): void {
    this.smallest = Math.min(this.smallest, arrivedAt - to)
  }

  /**
   * A time of the client's clock by the observer's, in milliseconds since 1970. Before the first line the clocks are taken for
   * one: a client that never wrote has no times to compare with.
   */
  toObserver(clientMs: number): number {
    return clientMs + this.offset()
  }

  private offset(): number {
    return Number.isFinite(this.smallest) ? this.smallest : 0
  }
}
