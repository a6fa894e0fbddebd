import { type Server, ServerCredentials } from '@grpc/grpc-js'
import { unavailable } from '../../../scripts/lib/exit.ts'

/**
 * Has a gRPC server listen; rejects (69) with one sentence when it cannot.
 * @param option that says where, such as `--listen`.
 * @returns where it listens, `address:port`, with the port that it got.
 */
export function listenOn(server: Server, option: string, listen: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(unavailable(`${option} ${listen}: ${error.message}: choose a free address of this machine.`))
      else resolve(`${listen.replace(/:\d+$/, '')}:${port}`)
    })
  })
}
