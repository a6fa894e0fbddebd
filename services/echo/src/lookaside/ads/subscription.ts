import { isWhole, type ResourceType } from '../resource-types.ts'
import { isSocketListener } from '../resources/listener.ts'
import { type Resource, versionOf } from '../resources/resource.ts'
import { returned } from '../resources/returned.ts'

/** A request for resources of one kind, as far as it matters here. */
export interface Request {
  readonly version_info: string
  readonly resource_names: readonly string[]
  readonly response_nonce: string
  /** Why the client refuses the answer of this nonce. */
  readonly error_detail: { readonly message: string } | null
}

/** An answer to send. */
export interface Answer {
  readonly type: ResourceType
  readonly resources: readonly Resource[]
  readonly version: string
  readonly nonce: string
  /** Names of what the client had not, or had otherwise. */
  readonly changed: readonly string[]
}

/** What happened with a request: `stale` is one that an answer has crossed, and is passed over. */
export type Reception = 'accepted' | 'stale' | { readonly refusal: string; readonly version: string }

/**
 * What one client wants and has of one kind of resources, by the rules of xDS' "state of the world". Says when there is something to
 * send, and what.
 */
export class Subscription {
  private readonly type: ResourceType
  private names: ReadonlySet<string> = new Set()
  private wildcard = false
  private begun = false
  /** It has named something, or the wildcard: an empty list asks for nothing any more. */
  private named = false
  private nonce = ''
  private version = ''
  private answers = 0
  private refusedNonce: string | undefined
  /** An answer is due although nothing has changed. */
  private owed = false
  private sent: ReadonlyMap<string, Resource> = new Map()
  /** What the client has named and been told that it does not exist. */
  private readonly missed = new Set<string>()

  constructor(type: ResourceType) {
    this.type = type
  }

  receive(request: Request): Reception {
    // The first on a stream may carry the nonce of another stream, or of another server.
    const first = !this.begun
    if (!first && request.response_nonce !== this.nonce) return 'stale'
    this.begun = true
    this.subscribe(request.resource_names)
    if (first || request.error_detail === null || this.refusedNonce === this.nonce) return 'accepted'
    // Clients repeat the error when they ask for something else before the next answer.
    this.refusedNonce = this.nonce
    return { refusal: request.error_detail.message, version: this.version }
  }

  /** What is wanted, and the client had, and is no more. */
  gone(resources: ReadonlyMap<string, Resource>): Resource[] {
    return [...this.sent.values()].filter(({ name }) => this.wants(name) && !resources.has(name))
  }

  /** Makes an answer due for what the client has asked for by one of these names. */
  owe(names: readonly string[]): void {
    if (names.some((name) => this.sent.has(name))) this.owed = true
  }

  /** The answer that is due now that these are the resources that there are, of several the first; undefined: none is. */
  answer(resources: ReadonlyMap<string, Resource>): Answer | undefined {
    if (!this.wildcard && this.names.size === 0) return undefined
    const wanted = this.wanted(resources).map((one) => this.asTold(one))
    const changed = wanted.filter(({ name, hash }) => this.sent.get(name)?.hash !== hash).map(({ name }) => name)
    const lost = isWhole(this.type) && this.gone(resources).length > 0
    if (!this.owed && changed.length === 0 && !lost) return undefined
    this.owed = false
    this.noteMissed(resources)
    this.nonce = String(++this.answers)
    this.version = versionOf(wanted)
    const held = wanted.map((resource) => [resource.name, resource] as const)
    // What an answer of another kind leaves out, the client keeps.
    this.sent = new Map(isWhole(this.type) ? held : [...this.sent, ...held])
    return { type: this.type, resources: wanted, version: this.version, nonce: this.nonce, changed }
  }

  private subscribe(list: readonly string[]): void {
    const names = new Set(list)
    const asksForAll = isWhole(this.type) && names.delete('*')
    const wildcard = asksForAll || (isWhole(this.type) && list.length === 0 && !this.named)
    if (list.length > 0) this.named = true
    const more = (wildcard && !this.wildcard) || [...names].some((name) => !this.names.has(name))
    this.wildcard = wildcard
    this.names = names
    // What the client does not want it forgets, and is to get it again when it wants it again.
    this.sent = new Map([...this.sent].filter(([name]) => this.wants(name)))
    if (more) this.owed = true
  }

  private wanted(resources: ReadonlyMap<string, Resource>): Resource[] {
    if (this.wildcard) return [...resources.values()].filter(({ name }) => this.wants(name))
    return [...this.names].flatMap((name) => resources.get(name) ?? [])
  }

  private asTold(resource: Resource): Resource {
    const { type } = this
    return (type === 'cds' || type === 'lds') && this.missed.has(resource.name) ? returned(type, resource) : resource
  }

  private noteMissed(resources: ReadonlyMap<string, Resource>): void {
    this.missed.clear()
    // Who asks for everything is no client of gRPC, and would begin anew with a listener that changes.
    if (this.wildcard) return
    for (const name of this.names) if (!resources.has(name)) this.missed.add(name)
  }

  private wants(name: string): boolean {
    return this.names.has(name) || (this.wildcard && (this.type !== 'lds' || isSocketListener(name)))
  }
}
