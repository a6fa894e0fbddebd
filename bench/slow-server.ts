import { Server, ServerCredentials } from '@grpc/grpc-js'
import type { EchoHandlers } from '../proto/generated/evenly/echo/v1/Echo.ts'
import { readIdentity } from '../services/echo/src/identity.ts'
import { echoService } from '../services/echo/src/wire.ts'

// slow-server.ts LISTEN MILLISECONDS: every call is work of so long. The work is done one call after the other, as by a pod that
// has one CPU for it, or by as many calls at a time as come when the third argument is `together`.
const [listen = '127.0.0.1:0', milliseconds = '5', together] = process.argv.slice(2)
const identity = { ...readIdentity(process.env, ''), pod: listen }
let free = Promise.resolve()

const Hello: EchoHandlers['Hello'] = ({ request }, callback) => {
  const work = () => new Promise<void>((resolve) => setTimeout(resolve, Number(milliseconds)))
  const done = together ? work() : free.then(work)
  if (!together) free = done
  done.then(() => callback(null, { message: '', counter: request.counter, server: identity }))
}
const server = new Server()
server.addService(echoService, { Hello })
server.bindAsync(listen, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error
  process.send?.('ready')
})
process.on('disconnect', () => process.exit(0))
