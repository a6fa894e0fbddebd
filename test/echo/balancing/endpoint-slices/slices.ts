import type {
  EndpointSlice,
  SliceEndpoint,
} from '../../../../services/echo/src/balancing/endpoint-slices/endpoint-slice.ts'

/** A slice of Service `orders` in namespace `shop`, with port `grpc` (8080) if nothing else is said. */
export function slice(
  name: string,
  endpoints: readonly SliceEndpoint[],
  rest: Partial<EndpointSlice> = {},
): EndpointSlice {
  const ports = [{ name: 'grpc', port: 8080 }]
  return { metadata: { name, namespace: 'shop' }, addressType: 'IPv4', ports, endpoints, ...rest }
}

/** Pod `name`, ready if nothing else is said. */
export function pod(name: string, address: string, rest: Partial<SliceEndpoint> = {}): SliceEndpoint {
  return {
    addresses: [address],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: 'Pod', name, uid: `uid-${name}` },
    ...rest,
  }
}

export const terminating = { ready: false, serving: true, terminating: true }
export const unready = { ready: false, serving: false, terminating: false }
