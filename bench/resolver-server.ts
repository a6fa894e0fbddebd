import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js'

// resolver-server.ts PORT: answers /bench/Call at every address of this machine, as a thousand pods would at theirs.
const [port] = process.argv.slice(2)
const identity = (value: Buffer) => value
const codec = {
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
}
const server = new Server()
const Call = (_call: unknown, answer: (error: null, value: Buffer) => void) => answer(null, Buffer.alloc(0))
server.addService({ Call: { path: '/bench/Call', requestStream: false, responseStream: false, ...codec } }, {
  Call,
} as UntypedServiceImplementation)
server.bindAsync(`0.0.0.0:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error
  process.send?.('ready')
})
process.on('disconnect', () => process.exit(0))
