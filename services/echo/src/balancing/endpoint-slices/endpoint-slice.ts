/** What a cluster tells of a Service's pods: `discovery.k8s.io/v1` EndpointSlice, as far as it is looked at here. */
export interface EndpointSlice {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly endpoints?: readonly SliceEndpoint[] | null
  readonly ports?: readonly SlicePort[] | null
}

/** A pod. Conditions that are not told count as the API says: ready and serving yes, terminating no. */
export interface SliceEndpoint {
  readonly addresses: readonly string[]
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean }
  readonly zone?: string
  readonly nodeName?: string
  /** Zones whose clients are to use it. */
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[] }
  readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string }
}

export interface SlicePort {
  readonly name?: string | null
  readonly port?: number | null
}

/** The label that says which Service a slice is of. */
export const serviceNameLabel = 'kubernetes.io/service-name'
