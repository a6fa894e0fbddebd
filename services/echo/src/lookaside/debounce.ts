/** Gathers events that come close after one another into one. */
export class Debounce {
  /** A wait of no event for this long ends it. */
  quietMilliseconds = 0
  /** So does this much time since the first. */
  maximumMilliseconds = 0
  private readonly due: (firstAt: number) => void
  private timer: NodeJS.Timeout | undefined
  private firstAt: number | undefined

  /** @param due called with the moment of the first event, in milliseconds of `performance.now()` */
  constructor(due: (firstAt: number) => void) {
    this.due = due
  }

  event(): void {
    const now = performance.now()
    this.firstAt ??= now
    const wait = Math.min(this.quietMilliseconds, this.firstAt + this.maximumMilliseconds - now)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.end(), Math.max(0, wait))
  }

  close(): void {
    clearTimeout(this.timer)
  }

  private end(): void {
    const firstAt = this.firstAt ?? performance.now()
    this.firstAt = undefined
    this.due(firstAt)
  }
}
