import { hostname } from 'node:os'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import { Greeter, type GreeterHandlers } from './greeter.ts'

const { LISTEN = '0.0.0.0:8080', POD_NAME: pod = hostname() } = process.env

const greet: GreeterHandlers = {
  greet: ({ request }, done) => done(null, { greeting: `Hello ${request.name}`, pod }),
}
const server = new Server()
server.addService(Greeter.service, greet)
const health = new HealthImplementation({ '': 'SERVING' })
health.addToServer(server)

server.bindAsync(LISTEN, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error
  console.log(`${pod} greets on port ${port}`)
})

// Running calls end, new ones go to the other pods.
process.once('SIGTERM', () => {
  health.setStatus('', 'NOT_SERVING')
  server.tryShutdown(() => process.exit())
  setTimeout(() => process.exit(1), 20_000).unref()
})
