import fastify, { type FastifyInstance } from 'fastify'
import { outcomeOf } from '../../scripts/cluster/outcome.ts'
import { judge } from '../../scripts/lib/verdict.ts'
import { registerLivePage } from '../../services/echo/src/live/live-page.ts'
import { type ViewerLimits, viewerLimits } from '../../services/echo/src/live/viewers.ts'
import type { Shown } from '../../services/echo/src/page/types.d.ts'

/** A server of the page, as an echo process runs it, that shows what a test wants. */
export interface ShownPage {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export interface ShownPageOptions {
  readonly port?: number
  readonly limits?: ViewerLimits
  /** Adds what a server answers besides. */
  readonly more?: (app: FastifyInstance) => void
}

export async function startShownPage(now: () => unknown, options: ShownPageOptions = {}): Promise<ShownPage> {
  const { port = 0, limits = viewerLimits, more } = options
  const app = fastify({ forceCloseConnections: true })
  await registerLivePage(app, { now }, limits)
  more?.(app)
  const url = await app.listen({ host: '127.0.0.1', port })
  return { url, port: Number(new URL(url).port), close: () => app.close() }
}

type Calls = Readonly<Record<string, number>>

/** What a client shows whose calls of every second, window and minute were answered so. */
export function clientShown(counts: Calls, more: Partial<Shown> = {}): Shown {
  const requests = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
  const sums = { requests, failed: 0, counts, errors: {} }
  const judgement = judge(Object.values(counts), { policy: 'random', names: Object.keys(counts) })
  return {
    role: 'client',
    name: 'client-1',
    target: 'dns:///pods:8080',
    policy: 'pick_first',
    judgeAs: 'random',
    window: { size: requests, ...sums, judgement },
    filling: { size: requests, requests: 0, failed: 0, counts: {}, errors: {} },
    lastMinutes: { 1: sums, 5: sums, 15: sums },
    series: {
      fromSecond: Math.floor(Date.now() / 1000) - 120,
      seconds: 120,
      calls: Object.fromEntries(
        Object.entries(counts).map(([peer, calls]) => [peer, new Array(120).fill(Math.round(calls / 60))]),
      ),
      failed: new Array(120).fill(0),
    },
    ...more,
  }
}

/** What a client of the lab shows while a pod of it is slow. */
export function slowShown(counts: Calls, slowPeer: string, more: Partial<Shown> = {}): Shown {
  const shown = clientShown(counts, { pods: Object.keys(counts), slowPeer, ...more })
  const window = shown.window as NonNullable<Shown['window']>
  const judgement = { ...window.judgement, ...outcomeOf({ judgeAs: 'slow-pod', counts, slowPod: slowPeer }) }
  return { ...shown, window: { ...window, judgement } }
}

/** What a server shows that was called so. */
export function serverShown(counts: Calls, more: Partial<Shown> = {}): Shown {
  return { ...clientShown(counts), role: 'server', name: 'pod-1', ...more }
}
