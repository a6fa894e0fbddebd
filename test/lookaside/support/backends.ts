import { chooseAddresses, type LabAddresses } from '../../../scripts/lab/addresses.ts'
import type { EndpointSlice } from '../../../services/echo/src/balancing/endpoint-slices/endpoint-slice.ts'
import { type EchoPod, startPod } from '../../support/echo-pod.ts'
import type { FakeKubernetes } from '../../support/fake-kubernetes-api.ts'

export const namespace = 'shop'

/** A pod of a Service, as its slice tells of it. */
export interface Listed {
  readonly pod: string
  readonly zone?: string
  /** Default: true. */
  readonly ready?: boolean
}

/** Real echo servers that are the pods of Services in an API that is not real. */
export class Backends {
  private readonly pods: ReadonlyMap<string, EchoPod>
  private readonly kubernetes: FakeKubernetes

  /** Starts servers of these names. */
  static async start(kubernetes: FakeKubernetes, names: readonly string[]): Promise<Backends> {
    const addresses: LabAddresses = await chooseAddresses(names.length)
    const pods = await Promise.all(names.map((name, index) => startPod(name, addresses.server(index))))
    return new Backends(kubernetes, new Map(pods.map((pod) => [pod.name, pod])))
  }

  private constructor(kubernetes: FakeKubernetes, pods: ReadonlyMap<string, EchoPod>) {
    this.kubernetes = kubernetes
    this.pods = pods
  }

  /** Puts these pods, and no others, behind the Service `name` and its port `grpc`. */
  list(name: string, listed: readonly (string | Listed)[]): void {
    const ports = [{ name: 'grpc', port: 8080, targetPort: 'grpc', protocol: 'TCP' }]
    this.kubernetes.put('services', { metadata: { name, namespace }, spec: { ports } } as never)
    // A slice has one set of ports: where loopback has one address, each pod is in a slice of its own.
    const byPort = new Map([...this.pods.values()].map(({ address }) => [portOf(address), [] as Listed[]]))
    for (const each of listed) {
      const entry = typeof each === 'string' ? { pod: each } : each
      byPort.get(portOf(this.pod(entry.pod).address))?.push(entry)
    }
    for (const [port, entries] of byPort) this.kubernetes.put('endpointslices', this.slice(name, port, entries))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.pods.values()].map((pod) => pod.stop()))
  }

  private pod(name: string): EchoPod {
    const pod = this.pods.get(name)
    if (pod === undefined) throw new Error(`there is no server ${name}, only ${[...this.pods.keys()].join(', ')}`)
    return pod
  }

  private slice(service: string, port: number, entries: readonly Listed[]): EndpointSlice {
    return {
      metadata: { name: `${service}-${port}`, namespace, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports: [{ name: 'grpc', port }],
      endpoints: entries.map(({ pod, zone, ready = true }) => ({
        addresses: [this.pod(pod).address.split(':')[0] as string],
        conditions: { ready, serving: ready, terminating: false },
        ...(zone !== undefined && { zone }),
        targetRef: { kind: 'Pod', name: pod },
      })),
    }
  }
}

const portOf = (address: string): number => Number(address.split(':')[1])
