import type { Argument, ListOf, MapOf, Switch, Unset } from './unset.ts'

/** Values of a client, as far as rules look at them. */
export interface Client extends Switch {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob'
  readonly target?: Unset<string>
  readonly resolver: 'dns' | 'endpointSlices' | 'lookaside'
  readonly xdsServer?: Unset<string>
  readonly serviceConfig?: Unset<string>
  readonly requests?: Unset<number>
  readonly durationSeconds?: Unset<number>
  readonly concurrency?: Unset<number>
  readonly rps?: Unset<number>
  readonly lbPolicy?: Unset<string>
  readonly maxAttempts?: Unset<number>
  readonly dnsMinIntervalSeconds?: Unset<number>
  readonly args?: ListOf<Argument>
  readonly cronJob: { readonly schedule?: Unset<string> }
  readonly envoySidecar: Switch & {
    readonly upstreamHost?: Unset<string>
    readonly upstreamPort?: Unset<number>
    readonly port: number
    readonly adminPort: number
    readonly statsPort: number
  }
}

/** Values of the control plane of xDS clients. */
export interface Lookaside extends Switch {
  readonly port: number
  readonly services?: MapOf<LookasideService>
  readonly discover: LookasideBalancing & { readonly namespaces?: ListOf<string> }
  readonly debounceMilliseconds: number
  readonly maximumDebounceMilliseconds: number
  readonly tls: { readonly secretName?: Unset<string> }
}

/** A Service that it tells of. */
export interface LookasideService extends LookasideBalancing {
  readonly backends?: ListOf<{ readonly service?: unknown; readonly weight?: number }>
  readonly failover?: ListOf<string>
  readonly envoyListener?: Unset<string>
}

/** How it balances over the pods of Services, one or all that it finds. */
export interface LookasideBalancing {
  readonly policy?: { readonly ring_hash_experimental?: RingHash }
  readonly localities?: Unset<string>
  readonly zoneWeights?: Readonly<Record<string, number | null>>
}

interface RingHash {
  readonly requestHashHeader: string
  readonly minRingSize?: number
  readonly maxRingSize?: number
}
