import fastify from 'fastify'
import { registerLivePage } from '../../services/echo/src/live-page.ts'
import { hostAndPort } from '../lib/address.ts'
import { unavailable } from '../lib/exit.ts'

/** A client whose distribution the page shows. */
export interface ShownClient {
  readonly scenario: string
  /** Its admin server, such as `http://127.0.0.1:41313`. */
  readonly admin: string
  /** The pods it could use. */
  readonly pods: readonly string[]
}

/** The lab's live page: one card per scenario, read from the scenarios' own clients, in the order of their names. */
export interface PageServer {
  readonly url: string
  show(client: ShownClient): void
  close(): Promise<void>
}

/** @param listen `address:port`; port 0 takes any free one. */
export async function startPageServer(listen: string): Promise<PageServer> {
  const clients: ShownClient[] = []
  const app = fastify({ forceCloseConnections: true })
  await registerLivePage(app, { now: async () => (await Promise.all(clients.map(distributionOf))).flat() })
  try {
    const url = await app.listen(hostAndPort(listen))
    const show = (client: ShownClient) => {
      clients.push(client)
      clients.sort((a, b) => (a.scenario < b.scenario ? -1 : 1))
    }
    return { url, show, close: () => app.close() }
  } catch (error) {
    throw unavailable(`--listen ${listen}: ${(error as Error).message}: choose a free address, or port 0 for any.`)
  }
}

/** A client that does not answer is left out of this update; the page keeps its last. */
async function distributionOf({ scenario, admin, pods }: ShownClient): Promise<object[]> {
  try {
    const response = await fetch(`${admin}/distribution`, { signal: AbortSignal.timeout(2000) })
    return [{ ...((await response.json()) as object), scenario, pods }]
  } catch {
    return []
  }
}
