import { cors } from '@connectrpc/connect'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Seconds that a browser may remember the permission. */
const rememberedSeconds = 3600

/**
 * Lets pages of these origins call; `*` is every page. Others get no permission, which is what stops their browser. Never
 * with credentials: nothing here looks at a cookie.
 * @param exposed names of headers, besides the protocols' own, that a page may read.
 * @returns a hook for `onRequest`, which answers preflights too.
 */
export function allowOrigins(origins: readonly string[], exposed: readonly string[]) {
  const allowed = new Set(origins)
  const readable = [...cors.exposedHeaders, ...exposed].join(', ')
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { origin } = request.headers
    reply.header('vary', 'origin')
    const permitted = origin !== undefined && (allowed.has('*') || allowed.has(origin))
    if (permitted) {
      reply.header('access-control-allow-origin', allowed.has('*') ? '*' : origin)
      reply.header('access-control-expose-headers', readable)
    }
    if (request.method !== 'OPTIONS') return undefined
    if (permitted) {
      reply.header('access-control-allow-methods', 'POST')
      reply.header('access-control-allow-headers', cors.allowedHeaders.join(', '))
      reply.header('access-control-max-age', rememberedSeconds)
    }
    return reply.code(204).send()
  }
}
