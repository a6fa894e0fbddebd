import fastify from 'fastify'
import type { Distribution } from '../../services/echo/src/distribution.ts'
import { registerLivePage } from '../../services/echo/src/live/live-page.ts'
import { outcomeOf } from '../cluster/outcome.ts'
import { hostAndPort } from '../lib/address.ts'
import { unavailable } from '../lib/exit.ts'
import { judge } from '../lib/verdict.ts'
import type { LabControls } from './controls.ts'
import { labScenarios } from './scenarios.ts'

/** A client whose distribution the page shows. */
export interface ShownClient {
  readonly scenario: string
  /** Its admin server, such as `http://127.0.0.1:41313`. */
  readonly admin: string
  /** The pods it could use; read at every update, so it may change. */
  readonly pods: readonly string[]
  /** What a control plane tells the client to use, where one does; may change too. */
  readonly policy?: string | undefined
}

/** The lab's live page: one card per scenario, read from the scenarios' own clients, in the order that the lab has them in. */
export interface PageServer {
  readonly url: string
  show(client: ShownClient): void
  close(): Promise<void>
}

/** @param listen `address:port`; port 0 takes any free one. @param controls what the page may press, if anything. */
export async function startPageServer(listen: string, controls?: LabControls): Promise<PageServer> {
  const clients: ShownClient[] = []
  const app = fastify({ forceCloseConnections: true })
  await registerLivePage(app, {
    now: async (seconds) => (await Promise.all(clients.map((client) => distributionOf(client, seconds)))).flat(),
  })
  await controls?.register(app, listen)
  try {
    const url = await app.listen(hostAndPort(listen))
    const show = (client: ShownClient) => {
      clients.push(client)
      clients.sort((a, b) => place(a) - place(b) || (a.scenario < b.scenario ? -1 : 1))
    }
    return { url, show, close: () => app.close() }
  } catch (error) {
    throw unavailable(`--listen ${listen}: ${(error as Error).message}: choose a free address, or port 0 for any.`)
  }
}

const place = ({ scenario }: ShownClient): number => labScenarios.findIndex(({ name }) => name === scenario)

/** A client that does not answer is left out of this update; the page keeps its last. */
async function distributionOf({ scenario, admin, pods, policy }: ShownClient, seconds: number): Promise<object[]> {
  try {
    const response = await fetch(`${admin}/distribution?seconds=${seconds}`, { signal: AbortSignal.timeout(1000) })
    const shown = (await response.json()) as Distribution
    const summary = labScenarios.find(({ name }) => name === scenario)?.summary
    return [{ ...shown, policy: policy ?? shown.policy, window: judgedAgain(shown, pods), scenario, summary, pods }]
  } catch {
    return []
  }
}

/** Judged again with what the lab knows and a client cannot: the pods that served nothing, and that one of them is slow. */
function judgedAgain({ window, judgeAs, slowPeer }: Distribution, pods: readonly string[]): object | null {
  if (window === null) return null
  const idle = Object.fromEntries(pods.map((pod) => [pod, 0]))
  const counts = { ...idle, ...window.counts }
  const judgement = judge(Object.values(counts), { policy: judgeAs, names: Object.keys(counts) })
  if (slowPeer === undefined || !pods.includes(slowPeer)) return { ...window, counts, judgement }
  const outcome = outcomeOf({ judgeAs: 'slow-pod', counts, slowPod: slowPeer })
  return { ...window, counts, judgement: { ...judgement, ...outcome } }
}
