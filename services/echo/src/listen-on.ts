import { type Server, ServerCredentials } from '@grpc/grpc-js'
import { unavailable } from '../../../scripts/lib/exit.ts'

/**
 * Has a gRPC server listen; rejects (69) with one sentence when it cannot.
 * @param option that says where, such as `--listen`.
 * @param credentials default: plaintext.
 * @returns where it listens, `address:port`, with the port that it got.
 */
export function listenOn(
  server: Server,
  option: string,
  listen: string,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, credentials, (error, port) => {
      if (error) reject(unavailable(`${option} ${listen}: ${error.message}: choose a free address of this machine.`))
      else resolve(`${listen.replace(/:\d+$/, '')}:${port}`)
    })
  })
}
