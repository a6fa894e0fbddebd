import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pageAsset } from './page-assets.ts'
import { type ViewerLimits, Viewers, viewerLimits } from './viewers.ts'

/** What the page shows: one distribution, or one per scenario. */
export interface DistributionSource {
  /** @param seconds if not 0, with the calls in each of the last so many seconds, at most 120. */
  now(seconds: number): unknown | Promise<unknown>
  /** The judged tally of the next `size` calls; rejects when `signal` aborts first. Absent: not to be asked for. */
  next?(size: number, signal: AbortSignal): Promise<unknown>
}

const querySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    next: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    timeoutSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 600, default: 30 },
    seconds: { type: 'integer', minimum: 0, maximum: 120, default: 0 },
  },
} as const

interface DistributionQuery {
  next?: number
  timeoutSeconds: number
  seconds: number
}

/** The page runs its own files only, is framed by nobody, and a name from the network can never become markup. */
const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  // Checked anew each time, by its etag: the next version of the server may have another page.
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
}

/** Adds `/`, the page, and `/distribution`, what it shows: as JSON, or as events for `Accept: text/event-stream`. */
export async function registerLivePage(
  app: FastifyInstance,
  source: DistributionSource,
  limits: ViewerLimits = viewerLimits,
): Promise<void> {
  const viewers = new Viewers((seconds) => source.now(seconds), limits)
  app.addHook('preClose', async () => viewers.close())
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
  })
  app.get('/', (request, reply) => sendAsset(request, reply, 'index.html'))
  app.get<{ Params: { file: string } }>('/page/:file', (request, reply) =>
    sendAsset(request, reply, request.params.file),
  )
  app.get<{ Querystring: DistributionQuery }>(
    '/distribution',
    { schema: { querystring: querySchema } },
    async (request, reply) => {
      if (request.headers.accept?.includes('text/event-stream')) {
        // Only where there are any does the page ask which: a browser prints every 404 as an error.
        return watch(viewers, limits, reply, { controls: app.hasRoute({ method: 'GET', url: '/controls' }) })
      }
      const { next, timeoutSeconds, seconds } = request.query
      if (next === undefined || source.next === undefined) return source.now(seconds)
      try {
        return await source.next(next, AbortSignal.timeout(timeoutSeconds * 1000))
      } catch (error) {
        if ((error as Error).name !== 'TimeoutError') throw error
        return reply.code(504).send({ error: `Fewer than ${next} calls ended within ${timeoutSeconds} s.` })
      }
    },
  )
}

async function sendAsset(request: FastifyRequest, reply: FastifyReply, name: string): Promise<FastifyReply> {
  const asset = await pageAsset(name, request.headers['accept-encoding'])
  if (asset === undefined) return reply.code(404).send({ error: `The page has no file ${name}.` })
  const { type, etag, encoding, body } = asset
  reply.headers({ ...pageHeaders, etag })
  if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.type(type).send(body)
}

function watch(
  viewers: Viewers,
  { maximumViewers }: ViewerLimits,
  reply: FastifyReply,
  greeting: object,
): FastifyReply {
  if (viewers.full) {
    const error = `${maximumViewers} viewers watch this already, as many as may: close one of them.`
    return reply.code(503).header('retry-after', '5').send({ error })
  }
  reply.hijack()
  viewers.add(reply.raw, greeting)
  return reply
}
