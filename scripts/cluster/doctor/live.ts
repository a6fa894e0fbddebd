import type { Call } from '../../lib/manifests/calls.ts'
import type { Mesh } from '../../lib/manifests/mesh.ts'
import type { Model } from '../../lib/manifests/model.ts'
import type { Service, ServicePort } from '../../lib/manifests/service.ts'
import type { LiveEndpoint } from './live-endpoints.ts'
import type { LivePod } from './live-pod.ts'
import type { ProxyView } from './proxy-view.ts'
import type { Traffic } from './traffic.ts'

/** A Service as it is now: what stands behind it, who calls it, and who of its pods serves. */
export interface Live {
  readonly service: Service
  readonly model: Model
  /** Its ports that speak gRPC. */
  readonly ports: readonly ServicePort[]
  readonly endpoints: readonly LiveEndpoint[]
  /** The pods that it selects, in order of name. */
  readonly pods: readonly LivePod[]
  /** What pods that crash printed last, by name. */
  readonly lastWords: ReadonlyMap<string, string>
  /** Zone of each node that takes pods; empty where nodes have none, or may not be read. */
  readonly nodeZones: readonly string[]
  readonly callers: readonly LiveCaller[]
  /** Undefined when nobody can tell who serves. */
  readonly traffic: Traffic | undefined
  /** What callers' Envoys know of it, as far as they could be asked. */
  readonly proxies: readonly ProxyView[]
}

/** A workload that is told to call the Service, or another Service of the same pods. */
export interface LiveCaller {
  readonly call: Call
  readonly mesh: Mesh | undefined
  /** Of the workload, those that are known. */
  readonly pods: readonly LivePod[]
}

/** Endpoints that are called. */
export const readyEndpoints = ({ endpoints }: Pick<Live, 'endpoints'>): LiveEndpoint[] =>
  endpoints.filter(({ ready }) => ready)
