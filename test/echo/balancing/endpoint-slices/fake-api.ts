import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers one request in place of the API. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An API server over plain HTTP as far as one list of objects goes, which does on demand what a real one does seldom. */
export class FakeApi {
  /** Objects by name; set, change and delete by the methods below. */
  readonly objects = new Map<string, object>()
  /** Queries of the requests so far. */
  readonly lists: URLSearchParams[] = []
  readonly watches: URLSearchParams[] = []
  /** Set: answers lists or watches instead; called once each time. */
  onList: Answer | undefined
  onWatch: Answer | undefined
  version = 100
  private readonly history: { readonly version: number; readonly line: string }[] = []
  readonly open = new Set<ServerResponse>()
  private server: Server | undefined
  private port = 0

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Listens, the second time at the same port. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => this.answer(request, response))
    this.server.listen(this.port, '127.0.0.1')
    await once(this.server, 'listening')
    this.port = (this.server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const server = this.server
    if (!server?.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  /** Puts an object and tells those who watch. */
  put(name: string, rest: object = {}): void {
    const object = { ...rest, metadata: { name, namespace: 'shop', resourceVersion: String(++this.version) } }
    const type = this.objects.has(name) ? 'MODIFIED' : 'ADDED'
    this.objects.set(name, object)
    this.happen({ type, object })
  }

  delete(name: string): void {
    const { metadata, ...rest } = this.objects.get(name) as { metadata: object }
    this.objects.delete(name)
    this.happen({
      type: 'DELETED',
      object: { ...rest, metadata: { ...metadata, resourceVersion: String(++this.version) } },
    })
  }

  /** Tells an event of which nothing is kept. */
  tell(event: object): void {
    this.write(`${JSON.stringify(event)}\n`)
  }

  write(text: string): void {
    for (const response of this.open) response.write(text)
  }

  /** Ends all watches, as their time were up. */
  endWatches(): void {
    for (const response of this.open) response.end()
  }

  /** Cuts all watches off. */
  cutWatches(): void {
    for (const response of this.open) response.destroy()
  }

  private happen(event: object): void {
    this.history.push({ version: this.version, line: `${JSON.stringify(event)}\n` })
    this.tell(event)
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const query = new URL(request.url ?? '', this.url).searchParams
    const watch = query.get('watch') === 'true'
    const asked = watch ? this.watches : this.lists
    asked.push(query)
    if (watch) {
      if (this.onWatch) {
        this.onWatch(request, response)
        return
      }
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
      for (const { version, line } of this.history) {
        if (version > Number(query.get('resourceVersion'))) response.write(line)
      }
      this.open.add(response)
      response.once('close', () => this.open.delete(response))
      return
    }
    if (this.onList) {
      this.onList(request, response)
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ metadata: { resourceVersion: String(this.version) }, items: [...this.objects.values()] }),
    )
  }
}

/** Answers as the API refuses: a `Status` object. */
export function status(code: number, message = 'no'): Answer {
  return (_request, response) => {
    response.writeHead(code, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ kind: 'Status', status: 'Failure', code, message }))
  }
}

/** Answers a watch with an error as its only event. */
export function errorEvent(code: number, message: string): Answer {
  return (_request, response) => {
    const object = { kind: 'Status', status: 'Failure', code, message }
    response.writeHead(200).end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
  }
}
