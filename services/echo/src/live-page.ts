import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fastifySSE } from '@fastify/sse'
import type { FastifyInstance } from 'fastify'

/** What the page shows: one distribution, or one per scenario. */
export interface DistributionSource {
  now(): unknown | Promise<unknown>
  /** The judged tally of the next `size` calls; rejects when `signal` aborts first. Absent: not to be asked for. */
  next?(size: number, signal: AbortSignal): Promise<unknown>
}

const page = readFileSync(new URL('./page/index.html', import.meta.url), 'utf8')
const updateMilliseconds = 250

const querySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    next: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    timeoutSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 600, default: 30 },
  },
} as const

/** Adds `/`, the page, and `/distribution`, what it shows: as JSON, or as events for `Accept: text/event-stream`. */
export async function registerLivePage(app: FastifyInstance, source: DistributionSource): Promise<void> {
  await app.register(fastifySSE)
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page))
  const options = { sse: 'dual' as const, schema: { querystring: querySchema } }
  app.get<{ Querystring: { next?: number; timeoutSeconds: number } }>(
    '/distribution',
    options,
    async (request, reply) => {
      if (reply.sse) return reply.sse.send(updates(source, () => reply.sse.isConnected))
      const { next, timeoutSeconds } = request.query
      if (next === undefined || source.next === undefined) return source.now()
      try {
        return await source.next(next, AbortSignal.timeout(timeoutSeconds * 1000))
      } catch (error) {
        if ((error as Error).name !== 'TimeoutError') throw error
        return reply.code(504).send({ error: `Fewer than ${next} calls ended within ${timeoutSeconds} s.` })
      }
    },
  )
}

async function* updates(source: DistributionSource, connected: () => boolean): AsyncGenerator<{ data: unknown }> {
  while (connected()) {
    yield { data: await source.now() }
    await sleep(updateMilliseconds)
  }
}
