import type { FastifyInstance } from 'fastify'
import { isUnforgeableHost, registerControlRoutes } from '../controls/control-routes.ts'
import { isUtilization, utilizationRange } from './utilization.ts'

/**
 * Adds `POST /utilization` with `{"value": 0.8}`, which changes the load that this server states: 200 with the same, 400 for
 * anything else, 403 for another site.
 */
export function utilizationRoute(stated: { utilization: number }) {
  return (app: FastifyInstance): Promise<void> =>
    registerControlRoutes(app, isUnforgeableHost, (scope) => {
      scope.post('/utilization', (request, reply) => {
        const value = read(request.body)
        if (value === undefined) return reply.code(400).send({ error: `Send {"value": ${utilizationRange}}.` })
        stated.utilization = value
        return { value }
      })
    })
}

function read(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { value, ...rest } = body as Record<string, unknown>
  return Object.keys(rest).length === 0 && isUtilization(value) ? value : undefined
}
