import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fastifySSE } from '@fastify/sse'
import type { Registry } from '@prometheus-io/client'
import fastify, { type FastifyInstance } from 'fastify'
import { unavailable } from '../../../scripts/lib/exit.ts'
import type { Distribution, DistributionView } from './distribution.ts'

/** What the admin server shows. */
export interface AdminParts {
  readonly registry: Registry
  /** Whether /readyz says yes. */
  readonly ready: () => boolean
  readonly distribution: DistributionView
}

export interface AdminServer {
  /** Such as `http://0.0.0.0:9464`. */
  readonly url: string
  close(): Promise<void>
}

const page = readFileSync(new URL('./page/index.html', import.meta.url), 'utf8')

/**
 * HTTP beside gRPC, on a port of its own: `/` the live page, `/metrics`, `/livez`, `/readyz`, and `/distribution`: JSON,
 * a stream of server-sent events for `Accept: text/event-stream`, or with `?next=300` the judged tally of the next calls.
 */
export async function startAdminServer(listen: string, parts: AdminParts): Promise<AdminServer> {
  const app = fastify({ forceCloseConnections: true })
  await app.register(fastifySSE)
  app.get('/livez', () => 'ok\n')
  app.get('/readyz', (_request, reply) => (parts.ready() ? 'ok\n' : reply.code(503).send('not ready\n')))
  app.get('/metrics', async (_request, reply) => {
    return reply.type(parts.registry.contentType).send(await parts.registry.metrics())
  })
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page))
  distributionRoute(app, parts.distribution)
  return { url: await bind(app, listen), close: () => app.close() }
}

const querySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    next: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    timeoutSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 600, default: 30 },
  },
} as const

interface Query {
  next?: number
  timeoutSeconds: number
}

function distributionRoute(app: FastifyInstance, view: DistributionView): void {
  const options = { sse: 'dual' as const, schema: { querystring: querySchema } }
  app.get<{ Querystring: Query }>('/distribution', options, async (request, reply) => {
    if (reply.sse) return reply.sse.send(updates(view, () => reply.sse.isConnected))
    const { next, timeoutSeconds } = request.query
    if (next === undefined) return view.now()
    try {
      return await view.next(next, AbortSignal.timeout(timeoutSeconds * 1000))
    } catch {
      return reply.code(504).send({ error: `Fewer than ${next} calls ended within ${timeoutSeconds} s.` })
    }
  })
}

async function* updates(view: DistributionView, connected: () => boolean): AsyncGenerator<{ data: Distribution }> {
  while (connected()) {
    yield { data: view.now() }
    await sleep(250)
  }
}

async function bind(app: FastifyInstance, listen: string): Promise<string> {
  const [host, port] = [listen.slice(0, listen.lastIndexOf(':')), listen.slice(listen.lastIndexOf(':') + 1)]
  try {
    return await app.listen({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) })
  } catch (error) {
    throw unavailable(`--admin-listen ${listen}: ${(error as Error).message}: choose a free address of this machine.`)
  }
}
