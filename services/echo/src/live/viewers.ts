import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a viewer is told, with the calls of each of the last `seconds` seconds. */
export type ReadDistribution = (seconds: number) => unknown

/** How often, how many and how patient; replaced in tests. */
export interface ViewerLimits {
  readonly updateMilliseconds: number
  readonly maximumViewers: number
  /** A viewer that took nothing for so long is cut off; its browser connects again when it lives. */
  readonly stalledSeconds: number
}

export const viewerLimits: ViewerLimits = { updateMilliseconds: 250, maximumViewers: 50, stalledSeconds: 30 }

/** The chart's two minutes go to who is new or fell behind; who is up to date gets what the last updates may have missed. */
const allSeconds = 120
const newSeconds = 3
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // An nginx in front would otherwise hold updates back.
  'x-accel-buffering': 'no',
}

interface Viewer {
  readonly response: ServerResponse
  /** Whether it missed an update. */
  behind: boolean
  /** `performance.now()` when it last could take one. */
  tookAt: number
}

/**
 * Whoever watches one distribution. It is read and written as text once per update for all of them, and not at all while
 * nobody watches. One that reads slower than updates come misses some: at most one waits in memory for each.
 */
export class Viewers {
  private readonly read: ReadDistribution
  private readonly limits: ViewerLimits
  private readonly watching = new Set<Viewer>()
  private readonly stop = new AbortController()
  private running = false
  private id = 0

  constructor(read: ReadDistribution, limits: ViewerLimits = viewerLimits) {
    this.read = read
    this.limits = limits
  }

  get full(): boolean {
    return this.watching.size >= this.limits.maximumViewers
  }

  /**
   * Answers with a stream of server-sent events until the viewer leaves or `close`.
   * @param greeting told first and once, as the event `greeting`.
   */
  add(response: ServerResponse, greeting: object): void {
    const viewer = { response, behind: true, tookAt: performance.now() }
    this.watching.add(viewer)
    response.on('error', () => response.destroy())
    response.on('close', () => this.watching.delete(viewer))
    response.writeHead(200, headers)
    response.write(`retry: 1000\nevent: greeting\ndata: ${JSON.stringify(greeting)}\n\n`)
    if (!this.running) void this.run()
  }

  close(): void {
    this.stop.abort()
    for (const { response } of this.watching) response.destroy()
  }

  private async run(): Promise<void> {
    this.running = true
    while (this.watching.size > 0 && !this.stop.signal.aborted) {
      const ready = this.readyViewers()
      if (ready.length > 0) await this.update(ready)
      await sleep(this.limits.updateMilliseconds, undefined, { signal: this.stop.signal }).catch(() => undefined)
    }
    this.running = false
  }

  /** Those whose last update has left this process. */
  private readyViewers(): Viewer[] {
    const now = performance.now()
    return [...this.watching].filter((viewer) => {
      if (!viewer.response.writableNeedDrain) {
        viewer.tookAt = now
        return true
      }
      viewer.behind = true
      if (now - viewer.tookAt > this.limits.stalledSeconds * 1000) viewer.response.destroy()
      return false
    })
  }

  private async update(viewers: readonly Viewer[]): Promise<void> {
    this.id++
    const [upToDate, behind] = [viewers.filter((viewer) => !viewer.behind), viewers.filter((viewer) => viewer.behind)]
    await Promise.all([this.send(upToDate, newSeconds), this.send(behind, allSeconds)])
  }

  /** A distribution that cannot be read is no update: the page says that none comes. */
  private async send(viewers: readonly Viewer[], seconds: number): Promise<void> {
    if (viewers.length === 0) return
    try {
      const event = `id: ${this.id}\ndata: ${JSON.stringify(await this.read(seconds))}\n\n`
      for (const viewer of viewers) {
        viewer.behind = false
        viewer.response.write(event)
      }
    } catch {
      for (const viewer of viewers) viewer.behind = true
    }
  }
}
