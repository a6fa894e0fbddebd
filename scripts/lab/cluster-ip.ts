import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { hostAndPort } from '../lib/address.ts'

/** A virtual address that forwards connections, as kube-proxy makes one of a Service's ClusterIP. */
export interface ClusterIp {
  readonly address: string
  /** Chooses among these from the next connection on; those that are open stay where they are. */
  setBackends(backends: readonly string[]): void
  close(): Promise<void>
}

/**
 * Forwards every new connection to a backend chosen at random, as kube-proxy's iptables rules do, and keeps it there for
 * the connection's life: it balances connections and never sees a call.
 */
export async function startClusterIp(address: string, backends: readonly string[]): Promise<ClusterIp> {
  let chosenFrom = backends
  const open = new Set<Socket>()
  const track = (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  }
  const server = createServer((client) => {
    const backend = connect(hostAndPort(chosenFrom[Math.floor(Math.random() * chosenFrom.length)] as string))
    for (const socket of [client, backend]) {
      track(socket)
      socket.setNoDelay(true)
    }
    client.pipe(backend).pipe(client)
    client.on('error', () => backend.destroy())
    backend.on('error', () => client.destroy())
  })
  server.listen(hostAndPort(address))
  await once(server, 'listening')
  return {
    address,
    setBackends: (next) => {
      chosenFrom = next
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
