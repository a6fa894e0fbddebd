import type { Pod } from './pod.ts'
import type { PodPlace } from './result.ts'
import type { Setup } from './setup.ts'

const zoneLabel = 'topology.kubernetes.io/zone'

/** Where pods are. */
export interface Places {
  readonly pods: Readonly<Record<string, PodPlace>>
  /** Pod to its zone, as in `pods`. */
  readonly zones: Readonly<Record<string, string>>
  /** Of the first client; empty where it is not known. */
  readonly clientZone: string
}

/** Each server's release and zone, and the client's zone, by the nodes they run on; those may not be everybody's to read. */
export async function placesOf(setup: Setup, client: Pod | undefined): Promise<Places> {
  const nodes: Node[] = await setup.settings.cluster.listIfAllowed('nodes')
  const zoneOf = ({ node }: Pod): string =>
    nodes.find(({ metadata }) => metadata.name === node)?.metadata.labels[zoneLabel] ?? ''
  const servers = setup.servers()
  return {
    pods: Object.fromEntries(servers.map((pod) => [pod.name, { release: pod.release, zone: zoneOf(pod) }])),
    zones: Object.fromEntries(servers.map((pod) => [pod.name, zoneOf(pod)])),
    clientZone: client ? zoneOf(client) : '',
  }
}

interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
}
