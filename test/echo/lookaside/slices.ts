import type { FakeKubernetes } from '../../support/fake-kubernetes-api.ts'

/** A pod as tests write it. */
export interface Pod {
  readonly address: string
  readonly zone?: string
  readonly ready?: boolean
  readonly port?: number
}

/** Puts a Service's slice in the place of the one before: its pods are these, on port 8080 named grpc, or on a port of their own. */
export function putSlice(
  fake: FakeKubernetes,
  service: string,
  pods: readonly (Pod | string)[],
  namespace = 'shop',
): void {
  const all = pods.map((pod) => (typeof pod === 'string' ? { address: pod } : pod))
  const [{ port = 8080 } = {}] = all
  const labels = { 'kubernetes.io/service-name': service }
  const slice = {
    metadata: { name: `${service}-1`, namespace, labels },
    addressType: 'IPv4',
    ports: [{ name: 'grpc', port }],
    endpoints: all.map(({ address, zone, ready = true }) => ({
      addresses: [address],
      ...(zone !== undefined && { zone }),
      conditions: { ready },
      targetRef: { kind: 'Pod', name: `pod-${address}`, uid: address },
    })),
  }
  fake.put('endpointslices', slice)
}
