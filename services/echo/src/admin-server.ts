import type { Registry } from '@prometheus-io/client'
import fastify, { type FastifyInstance } from 'fastify'
import { hostAndPort } from '../../../scripts/lib/address.ts'
import { unavailable } from '../../../scripts/lib/exit.ts'
import { type DistributionSource, registerLivePage } from './live/live-page.ts'
import { expose } from './metrics/exposition.ts'

/** What the admin server shows. */
export interface AdminParts {
  readonly registry: Registry
  /** Whether /readyz says yes. */
  readonly ready: () => boolean
  readonly distribution: DistributionSource
  /** Adds what this process answers besides. */
  readonly more?: ((app: FastifyInstance) => Promise<void>) | undefined
}

/** A listening admin server. */
export interface AdminServer {
  /** Such as `http://0.0.0.0:9464`. */
  readonly url: string
  close(): Promise<void>
}

/**
 * HTTP beside gRPC, on a port of its own: `/` the live page, `/metrics`, `/livez`, `/readyz`, and `/distribution`: JSON,
 * a stream of server-sent events for `Accept: text/event-stream`, or with `?next=300` the judged tally of the next calls.
 */
export async function startAdminServer(listen: string, parts: AdminParts): Promise<AdminServer> {
  // A query parameter that does not exist is a mistake to tell, not to drop.
  const app = fastify({ forceCloseConnections: true, ajv: { customOptions: { removeAdditional: false } } })
  app.get('/livez', () => 'ok\n')
  app.get('/readyz', (_request, reply) => (parts.ready() ? 'ok\n' : reply.code(503).send('not ready\n')))
  app.get('/metrics', async (request, reply) => {
    const { contentType, text } = await expose(parts.registry, request.headers.accept)
    return reply.type(contentType).send(text)
  })
  await registerLivePage(app, parts.distribution)
  await parts.more?.(app)
  return { url: await bind(app, listen), close: () => app.close() }
}

async function bind(app: FastifyInstance, listen: string): Promise<string> {
  try {
    return await app.listen(hostAndPort(listen))
  } catch (error) {
    throw unavailable(`--admin-listen ${listen}: ${(error as Error).message}: choose a free address of this machine.`)
  }
}
