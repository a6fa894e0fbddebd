import type { FastifyInstance } from 'fastify'

const offer = {
  name: 'cluster-ip',
  pods: ['pod-1', 'pod-2', 'pod-3'],
  policy: 'pick_first',
  policies: ['pick_first', 'round_robin'],
  actions: ['scale', 'kill', 'slow', 'policy'],
  minimumPods: 1,
  maximumPods: 9,
}

/** Answers as a server with every control does, and does nothing; what was asked for is in the sentence. */
export function offeredEverything(app: FastifyInstance): void {
  app.get('/controls', () => ({ calls: { maximumRequests: 10_000 }, echo: true, scenarios: [offer] }))
  app.post<{ Body: { scenario: string; action: string } }>('/controls', ({ body }) => {
    const { scenario, action, ...rest } = body
    return { done: `${scenario}: ${action} ${JSON.stringify(rest)}` }
  })
  app.post('/calls', (_request, reply) => reply.code(503).send({ error: 'No server is reachable from here.' }))
  app.post('/evenly.echo.v1.Echo/Hello', ({ body }) => ({ server: { pod: `pod of ${JSON.stringify(body)}` } }))
}
