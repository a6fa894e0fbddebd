import { isIP } from 'node:net'
import type { FastifyError, FastifyInstance } from 'fastify'

/** Largest body that a control may send, in bytes. */
const bodyLimit = 4096

const refusals: Readonly<Record<number, string>> = {
  400: 'The body is no JSON: send an object.',
  413: `The body is over ${bodyLimit} bytes: a control needs a few dozen.`,
  415: 'The body must be JSON: send content-type application/json.',
}

/**
 * Adds routes that do something, which only the page of this very server may press, and tools without a page. Another web
 * site that the user has open is refused (403): by the origin that its browser sends, and, where its name was made to
 * resolve to this server, by the host that it calls. Answers of other statuses than 200 are `{error: 'one sentence'}`.
 * @param isOwnHost whether a server of this kind may be called by this host name.
 */
export async function registerControlRoutes(
  app: FastifyInstance,
  isOwnHost: (host: string) => boolean,
  add: (scope: FastifyInstance) => void,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeContentTypeParser('text/plain')
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      const status = error.statusCode ?? 500
      const own = error.code?.startsWith('FST_') ? refusals[status] : undefined
      return reply.code(status).send({ error: own ?? error.message })
    })
    scope.addHook('onRoute', (route) => {
      route.bodyLimit = bodyLimit
    })
    scope.addHook('onRequest', async (request, reply) => {
      const error = whyForeign(request.headers, isOwnHost)
      return error && reply.code(403).send({ error })
    })
    add(scope)
  })
}

/** Host names that no stranger's DNS can answer for: addresses, localhost, names of one word, and a cluster's Services. */
export function isUnforgeableHost(host: string): boolean {
  if (isIP(host) !== 0 || !host.includes('.')) return true
  return /\.(localhost|svc|svc\.cluster\.local)$/.test(host)
}

/** Names of this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

interface CallerHeaders {
  readonly host?: string | undefined
  readonly origin?: string | undefined
}

function whyForeign({ host = '', origin }: CallerHeaders, isOwnHost: (host: string) => boolean): string | undefined {
  const own = URL.parse(`http://${host}`)
  if (own === null || !isOwnHost(own.hostname.replace(/^\[|\]$/g, ''))) {
    return `The host ${host || 'that is missing'} may be anybody's: call this server by its address, or by localhost.`
  }
  if (origin === undefined || URL.parse(origin)?.host === own.host) return undefined
  return `A page of ${origin} may not press what belongs to the page of ${host}.`
}
