import type { Registry } from '@prometheus-io/client'
import fastify from 'fastify'
import { hostAndPort } from '../../../../scripts/lib/address.ts'
import { unavailable } from '../../../../scripts/lib/exit.ts'
import { expose } from '../metrics/exposition.ts'

/** What the control plane's admin server shows. */
export interface LookasideAdminParts {
  readonly registry: Registry
  /** Undefined: it is ready. */
  readonly whyNotReady: () => string | undefined
  /** What a client of a zone is told, as JSON. */
  readonly config: (zone: string) => object
}

/**
 * HTTP beside xDS, on a port of its own: `/livez`, `/readyz`, `/metrics`, and `/config`: all that clients of a zone (`?zone=a`) are
 * told, and who they are.
 */
export async function startLookasideAdmin(
  listen: string,
  { registry, whyNotReady, config }: LookasideAdminParts,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = fastify({ forceCloseConnections: true, ajv: { customOptions: { removeAdditional: false } } })
  app.get('/livez', () => 'ok\n')
  app.get('/readyz', (_request, reply) => {
    const reason = whyNotReady()
    return reason === undefined ? 'ok\n' : reply.code(503).send(`not ready: ${reason}\n`)
  })
  app.get('/metrics', async (request, reply) => {
    const { contentType, text } = await expose(registry, request.headers.accept)
    return reply.type(contentType).send(text)
  })
  const zone = { type: 'object', additionalProperties: false, properties: { zone: { type: 'string' } } }
  app.get<{ Querystring: { zone?: string } }>('/config', { schema: { querystring: zone } }, (request, reply) =>
    reply.type('application/json').send(JSON.stringify(config(request.query.zone ?? ''), undefined, 2)),
  )
  try {
    return { url: await app.listen(hostAndPort(listen)), close: () => app.close() }
  } catch (error) {
    throw unavailable(`--admin-listen ${listen}: ${(error as Error).message}: choose a free address of this machine.`)
  }
}
