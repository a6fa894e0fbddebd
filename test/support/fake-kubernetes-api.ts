import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An object of Kubernetes, as far as an API server looks at it here. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
}

type Kind = 'endpointslices' | 'services'

interface Event {
  readonly kind: Kind
  readonly object: KubernetesObject
  readonly version: number
  /** As a watch tells it. */
  readonly line: string
}

type Wants = (kind: Kind, object: KubernetesObject) => boolean

const apiVersions = { endpointslices: 'discovery.k8s.io/v1', services: 'v1' } as const
const kinds = { endpointslices: 'EndpointSlice', services: 'Service' } as const

/** Lists and watches EndpointSlices and Services over plain HTTP, as `kubectl proxy` would, for whoever may ask. */
export class FakeKubernetes {
  private readonly server: Server
  private readonly objects = new Map<string, { readonly kind: Kind; readonly object: KubernetesObject }>()
  /** All that ever happened; a version is the number of events until then. */
  private readonly events: Event[] = []
  private readonly watchers = new Set<(event: Event) => void>()
  /** Lists are answered when this is. */
  listsWait: Promise<void> = Promise.resolve()
  /** Nothing may be read in this namespace. */
  forbidden: string | undefined

  static async start(): Promise<FakeKubernetes> {
    const fake = new FakeKubernetes()
    fake.server.listen(0, '127.0.0.1')
    await once(fake.server, 'listening')
    return fake
  }

  private constructor() {
    this.server = createServer((request, response) => this.answer(request, response))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Creates an object, or puts it in the place of the one of that name. */
  put(kind: Kind, object: KubernetesObject): void {
    const key = keyOf(kind, object)
    const stamped = this.happen(this.objects.has(key) ? 'MODIFIED' : 'ADDED', kind, object)
    this.objects.set(key, { kind, object: stamped })
  }

  remove(kind: Kind, namespace: string, name: string): void {
    const key = `${kind}/${namespace}/${name}`
    const { object } = this.objects.get(key) ?? {}
    if (object === undefined) throw new Error(`there is no ${key} to remove`)
    this.objects.delete(key)
    this.happen('DELETED', kind, object)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((closed) => this.server.close(closed))
  }

  private happen(type: string, kind: Kind, object: KubernetesObject): KubernetesObject {
    const version = this.events.length + 1
    const metadata = { ...object.metadata, resourceVersion: String(version) }
    const stamped = { apiVersion: apiVersions[kind], kind: kinds[kind], ...object, metadata }
    const event = { kind, object: stamped, version, line: `${JSON.stringify({ type, object: stamped })}\n` }
    this.events.push(event)
    for (const watcher of this.watchers) watcher(event)
    return stamped
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    const match = /^\/(?:apis\/discovery\.k8s\.io|api)\/v1(?:\/namespaces\/([^/]+))?\/(endpointslices|services)$/.exec(
      pathname,
    )
    if (match === null) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"kind":"Status","code":404}')
      return
    }
    const [, namespace, asked] = match as unknown as [string, string | undefined, Kind]
    const wants: Wants = (kind, { metadata }) =>
      kind === asked &&
      (namespace === undefined || metadata.namespace === namespace) &&
      matches(searchParams.get('labelSelector'), metadata.labels ?? {}) &&
      matches(searchParams.get('fieldSelector'), { 'metadata.name': metadata.name })
    if (namespace !== undefined && namespace === this.forbidden) {
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"kind":"Status","code":403}')
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    if (/^(1|true)$/.test(searchParams.get('watch') ?? '')) {
      this.watch(response, wants, Number(searchParams.get('resourceVersion')))
    } else void this.listsWait.then(() => response.end(JSON.stringify(this.list(asked, wants))))
  }

  private watch(response: ServerResponse, wants: Wants, since: number): void {
    const watcher = ({ kind, object, line }: Event) => {
      if (wants(kind, object)) response.write(line)
    }
    this.watchers.add(watcher)
    response.on('close', () => this.watchers.delete(watcher)).flushHeaders()
    this.events.filter(({ version }) => version > since).forEach(watcher)
  }

  private list(asked: Kind, wants: Wants): object {
    const items = [...this.objects.values()].filter(({ kind, object }) => wants(kind, object))
    const metadata = { resourceVersion: String(this.events.length) }
    const list = { apiVersion: apiVersions[asked], kind: `${kinds[asked]}List`, metadata }
    return { ...list, items: items.map(({ object }) => object) }
  }
}

const keyOf = (kind: Kind, { metadata }: KubernetesObject): string => `${kind}/${metadata.namespace}/${metadata.name}`

/** Whether labels or fields are as `key=value`, `key in (a,b)` or `key`, joined by commas, ask. */
function matches(selector: string | null, values: Readonly<Record<string, string>>): boolean {
  const terms = (selector ?? '').match(/[^,(]+(\([^)]*\))?/g) ?? []
  return terms.every((term) => {
    const [, key = '', value, set] = /^\s*([^\s=!]+)\s*(?:==?\s*([^\s]*)|in\s*\(([^)]*)\))?\s*$/.exec(term) ?? []
    if (value !== undefined) return values[key] === value
    if (set !== undefined) return set.split(',').some((each) => values[key] === each.trim())
    return key in values
  })
}
