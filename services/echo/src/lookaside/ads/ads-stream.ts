import { messageOf, type ResourceType, resourceTypeOf, resourceTypes, typeUrl } from '../resource-types.ts'
import type { Resource } from '../resources/resource.ts'
import type { Snapshot, View } from '../snapshot.ts'
import type { AdsCall, DiscoveryRequest } from './ads-messages.ts'
import { type Answer, Subscription } from './subscription.ts'

/** What streams tell of what happens on them. */
export interface StreamObserver {
  pushed(type: ResourceType): void
  /** A client has refused an answer, and goes on with what it had. */
  refused(refusal: { client: string; type: ResourceType; version: string; reason: string }): void
  unknownType(client: string, url: string): void
  /** A client wants to dial what nobody has told of. */
  unserved(client: string, name: string): void
  /** A change has left for the client, so long after it was heard of. */
  delivered(seconds: number): void
}

/** One client, told of all kinds of resources on one stream. */
export class AdsStream {
  private readonly call: AdsCall
  private readonly observer: StreamObserver
  private readonly subscriptions: Readonly<Record<ResourceType, Subscription>>
  private node: DiscoveryRequest['node'] = null
  private snapshot: Snapshot | undefined
  /** When the oldest change was heard of that the client may not have, in milliseconds of `performance.now()`. */
  private changedAt: number | undefined
  /** Answers that have not left yet: while there are any, what comes in between is not sent at all, only the newest. */
  private leaving = 0
  private behind = false
  private ended = false

  constructor(call: AdsCall, observer: StreamObserver) {
    this.call = call
    this.observer = observer
    this.subscriptions = {
      cds: new Subscription('cds'),
      eds: new Subscription('eds'),
      lds: new Subscription('lds'),
      rds: new Subscription('rds'),
    }
    call.on('data', (request: DiscoveryRequest) => this.receive(request))
    call.on('end', () => this.end())
    // A client that is gone ends its stream this way; there is nothing to do about it.
    call.on('error', () => this.end())
    call.on('cancelled', () => this.end())
  }

  /** As the client calls itself, and where it is. */
  get client(): { readonly id: string; readonly zone: string } {
    return { id: this.node?.id || this.call.getPeer(), zone: this.node?.locality?.zone ?? '' }
  }

  /** Tells the client what is new to it. */
  publish(snapshot: Snapshot, changedAt: number | undefined): void {
    this.snapshot = snapshot
    this.changedAt ??= changedAt
    this.push()
  }

  /** Ends it, so that the client goes to another server. */
  end(): void {
    if (this.ended) return
    this.ended = true
    this.call.end()
  }

  private receive(request: DiscoveryRequest): void {
    this.node ??= request.node
    const type = resourceTypeOf(request.type_url)
    if (type === undefined) {
      this.observer.unknownType(this.client.id, request.type_url)
      return
    }
    const reception = this.subscriptions[type].receive(request)
    if (reception === 'stale') return
    if (reception !== 'accepted') {
      const { refusal: reason, version } = reception
      this.observer.refused({ client: this.client.id, type, version, reason })
    }
    if (type === 'lds') this.tellUnserved(request.resource_names)
    this.push()
  }

  /** gRPC dials what it asks for as a listener, and would wait for it without a word. */
  private tellUnserved(names: readonly string[]): void {
    const listeners = this.snapshot?.view(this.client.zone).lds
    for (const name of names)
      if (name !== '*' && listeners?.has(name) === false) this.observer.unserved(this.client.id, name)
  }

  private push(): void {
    if (this.ended || this.snapshot === undefined) return
    if (this.leaving > 0) {
      this.behind = true
      return
    }
    this.behind = false
    this.tell(this.snapshot.view(this.client.zone))
    if (this.leaving === 0) this.changedAt = undefined
  }

  /** In the order of `resourceTypes`; what is gone goes last, when nothing refers to it any more. */
  private tell(view: View): void {
    const { cds, eds } = this.subscriptions
    const gone = cds.gone(view.cds)
    const clusters =
      gone.length === 0 ? view.cds : new Map([...view.cds, ...gone.map((one) => [one.name, one] as const)])
    for (const type of resourceTypes) {
      const changed = this.sendDue(type, type === 'cds' ? clusters : view[type])
      // Envoy takes a cluster that has changed for ready when it hears of its endpoints again.
      if (type === 'cds') eds.owe(changed)
    }
    if (gone.length > 0) this.sendDue('cds', view.cds)
  }

  /** @returns names of what the client had not, or had otherwise */
  private sendDue(type: ResourceType, resources: ReadonlyMap<string, Resource>): string[] {
    const changed: string[] = []
    for (;;) {
      const answer = this.subscriptions[type].answer(resources)
      if (answer === undefined) return changed
      this.send(answer)
      changed.push(...answer.changed)
    }
  }

  private send({ type, resources, version, nonce }: Answer): void {
    this.leaving++
    this.observer.pushed(type)
    const response = {
      type_url: typeUrl(messageOf[type]),
      version_info: version,
      nonce,
      resources: resources.map(({ any }) => any),
    }
    this.call.write(response, () => this.left())
  }

  private left(): void {
    this.leaving--
    if (this.leaving > 0) return
    if (this.behind) this.push()
    else if (this.changedAt !== undefined) {
      this.observer.delivered((performance.now() - this.changedAt) / 1000)
      this.changedAt = undefined
    }
  }
}
