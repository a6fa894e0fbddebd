import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseAddresses, type LabAddresses } from '../../scripts/lab/addresses.ts'
import { type ClusterIp, startClusterIp } from '../../scripts/lab/cluster-ip.ts'

/** A backend that answers each line with its own name. */
interface Backend {
  readonly address: string
  readonly server: Server
  readonly sockets: Set<Socket>
}

let addresses: LabAddresses
let backends: Backend[]
let clusterIp: ClusterIp
const callers: Socket[] = []
beforeEach(async () => {
  addresses = await chooseAddresses(4)
  backends = await Promise.all([0, 1, 2].map((index) => startBackend(`pod-${index + 1}`, addresses.server(index))))
  const listed = backends.map(({ address }) => address)
  clusterIp = await startClusterIp(addresses.clusterIp, listed)
})
afterEach(async () => {
  for (const socket of callers.splice(0)) socket.destroy()
  await clusterIp.close()
  for (const { server, sockets } of backends) {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => server.close(closed))
  }
})

describe('the ClusterIP of the lab', () => {
  it('keeps a connection on one backend, however many requests it carries', async () => {
    const socket = await dial()
    const answers = new Set<string>()
    for (let request = 0; request < 100; request++) answers.add(await say(socket))
    expect(answers.size).toBe(1)
  })

  it('spreads connections over every backend', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, async () => say(await dial())))
    // Chance that 60 random choices leave one of three out: 3 (2/3)^60, 8 in 10^11.
    expect([...new Set(answers)].sort()).toEqual(['pod-1', 'pod-2', 'pod-3'])
  })

  it('ends the connection to the backend when the caller hangs up, and the other way round', async () => {
    const socket = await dial()
    const chosen = backendNamed(await say(socket))
    const [behind] = [...chosen.sockets] as [Socket]
    socket.end()
    await once(behind, 'close')
    const other = await dial()
    const [next] = [...backendNamed(await say(other)).sockets] as [Socket]
    next.destroy()
    await once(other, 'close')
  })

  it('hangs up on a caller whose backend refuses, and goes on for others', async () => {
    await clusterIp.close()
    clusterIp = await startClusterIp(addresses.clusterIp, [addresses.server(3)])
    const refused = await dial()
    await once(refused, 'close')
    backends.push(await startBackend('pod-4', addresses.server(3)))
    expect(await say(await dial())).toBe('pod-4')
  })

  it('refuses connections once closed, and has ended those it had', async () => {
    const socket = await dial()
    await say(socket)
    const hungUp = once(socket, 'close')
    await clusterIp.close()
    await hungUp
    await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    clusterIp = await startClusterIp(addresses.clusterIp, [])
  })
})

function backendNamed(name: string): Backend {
  return backends[Number(name.split('-')[1]) - 1] as Backend
}

async function startBackend(name: string, address: string): Promise<Backend> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    socket.on('data', () => socket.write(name))
  })
  const [host, port] = address.split(':')
  server.listen(Number(port), host)
  await once(server, 'listening')
  return { address, server, sockets }
}

async function dial(): Promise<Socket> {
  const [host, port] = clusterIp.address.split(':')
  const socket = connect(Number(port), host)
  callers.push(socket)
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

async function say(socket: Socket): Promise<string> {
  socket.write('who?')
  return String((await once(socket, 'data'))[0])
}
