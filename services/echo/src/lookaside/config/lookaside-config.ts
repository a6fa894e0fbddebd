import type { ZoneRules } from '../resources/load-assignment.ts'

export const policyNames = [
  'round_robin',
  'least_request',
  'ring_hash_experimental',
  'evenly_weighted_round_robin',
  'pick_first',
] as const

/** A balancing policy, with its settings as a gRPC service config has them. */
export interface Policy {
  readonly name: (typeof policyNames)[number]
  readonly settings: Readonly<Record<string, unknown>>
}

/** A port of a Service in Kubernetes. */
export interface Backend {
  /** SERVICE.NAMESPACE:PORT */
  readonly name: string
  readonly service: string
  readonly namespace: string
  /** Name or number of the slices' port. */
  readonly port: string
}

/** What clients dial as `xds:///NAME`. */
export interface ServedService extends ZoneRules {
  readonly name: string
  readonly policy: Policy
  /** At least one. */
  readonly backends: readonly (Backend & { readonly weight: number })[]
  readonly failover: readonly Backend[]
  /** HOST:PORT that Envoys listen on for it. */
  readonly envoyListener: string | undefined
}

/** Which Services of Kubernetes are served without being named. */
export interface Discovery extends ZoneRules {
  /** ['*']: all. */
  readonly namespaces: readonly string[]
  readonly labelSelector: string | undefined
  readonly annotation: string
  readonly policy: Policy
}

/** What the file of `--lookaside-config` says, with the defaults filled in. */
export interface Served {
  readonly services: readonly ServedService[]
  readonly discover: Discovery | undefined
  /** A change is sent when no other has come for this long. */
  readonly debounceMilliseconds: number
  /** A change is sent after this long, whatever comes. */
  readonly maximumDebounceMilliseconds: number
}
