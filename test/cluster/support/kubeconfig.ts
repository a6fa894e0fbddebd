import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cluster } from '../../../scripts/cluster/cluster.ts'

/** Kubeconfigs made for a test, and what stands in for API servers behind them; `close` removes all of it. */
export class Kubeconfigs {
  private readonly folder: string
  private readonly servers: Server[] = []
  private readonly sockets = new Set<Socket>()

  static async create(): Promise<Kubeconfigs> {
    return new Kubeconfigs(await mkdtemp(join(tmpdir(), 'evenly-kubeconfigs-')))
  }

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Of the cluster under test, for a user with this token; resolves to its path. */
  async forToken(name: string, token: string): Promise<string> {
    return this.write(name, { ...(await current()).cluster }, { token })
  }

  /** Of an API server at this address, over plain HTTP or not at all. */
  forServer(name: string, server: string): Promise<string> {
    return this.write(name, { server }, {})
  }

  /** Of an API server that answers these paths with this JSON, and no other path ever. */
  async forAnswers(name: string, answers: Readonly<Record<string, object>>): Promise<string> {
    const server = createHttpServer((request, response) => {
      const answer = answers[request.url ?? '']
      if (answer !== undefined) response.end(JSON.stringify(answer))
    })
    return this.forServer(name, `http://${await this.listen(server)}`)
  }

  /** Of the cluster under test, by a way that `cut` cuts. */
  async forRelay(name: string): Promise<string> {
    const { cluster, user } = await current()
    const { hostname, port } = new URL(cluster.server)
    const server = createServer((socket) => {
      const onward = this.keep(connect(Number(port || 443), hostname))
      socket.pipe(onward).pipe(socket)
    })
    const near = { ...cluster, server: `https://${await this.listen(server)}`, 'tls-server-name': hostname }
    return this.write(name, near, user)
  }

  /** Ends every connection to what stands in for a server, and takes no more. */
  cut(): void {
    for (const server of this.servers) server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await rm(this.folder, { recursive: true, force: true })
  }

  private async listen(server: Server): Promise<string> {
    this.servers.push(server.on('connection', (socket) => this.keep(socket)).listen(0, '127.0.0.1'))
    await once(server, 'listening')
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket)
    return socket.on('error', () => socket.destroy())
  }

  private async write(name: string, cluster: object, user: object): Promise<string> {
    const file = join(this.folder, name)
    const context = { name, context: { cluster: name, user: name } }
    const config = {
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': name, contexts: [context] },
      ...{ clusters: [{ name, cluster }], users: [{ name, user }] },
    }
    await writeFile(file, JSON.stringify(config), { mode: 0o600 })
    return file
  }
}

/** Where the current context leads, and as whom. */
async function current(): Promise<{ readonly cluster: { readonly server: string }; readonly user: object }> {
  const shown = await new Cluster().kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'])
  const { clusters, users } = JSON.parse(shown)
  return { cluster: clusters[0].cluster, user: users[0].user }
}
