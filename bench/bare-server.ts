import { Server, ServerCredentials } from '@grpc/grpc-js'
import type { EchoHandlers } from '../proto/generated/evenly/echo/v1/Echo.ts'
import { readIdentity } from '../services/echo/src/identity.ts'
import { echoService } from '../services/echo/src/wire.ts'

// The yardstick of the echo benchmark: the same service and reply on grpc-js and nothing else, no metrics, no tally, no
// identity in metadata.
const server = new Server()
const identity = readIdentity(process.env, 'bare')
const Hello: EchoHandlers['Hello'] = ({ request }, callback) => {
  callback(null, { message: `${identity.pod}: ${request.message}`, counter: request.counter, server: identity })
}
server.addService(echoService, { Hello })
const listen = process.argv[2] ?? '127.0.0.1:0'
server.bindAsync(listen, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error
  process.send?.({ admin: '' })
})
process.on('disconnect', () => process.exit(0))
