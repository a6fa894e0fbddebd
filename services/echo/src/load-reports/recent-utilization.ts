import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** How far back the figure goes at least, once there has been so much. */
const spanMilliseconds = 5000
/** Measuring points closer together than this would only add up. */
const closestMilliseconds = 500

interface Point {
  readonly at: number
  readonly loop: EventLoopUtilization
}

/**
 * How busy this process's event loop was in the last seconds, from 0 to 1: Node's measure of how much more it could do. It is
 * measured when it is asked for, since the last time that lies far enough back.
 */
export class RecentUtilization {
  private points: Point[] = [this.now()]

  read(): number {
    const now = this.now()
    // The newest of the points that are far enough back, and those behind it.
    const from = this.points.findLastIndex(({ at }) => now.at - at >= spanMilliseconds)
    this.points = this.points.slice(Math.max(0, from))
    const [oldest] = this.points as [Point]
    if (now.at - (this.points.at(-1) as Point).at >= closestMilliseconds) this.points.push(now)
    return performance.eventLoopUtilization(now.loop, oldest.loop).utilization
  }

  private now(): Point {
    return { at: performance.now(), loop: performance.eventLoopUtilization() }
  }
}
