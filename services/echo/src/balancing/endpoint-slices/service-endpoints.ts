import type { EndpointSlice, SliceEndpoint, SlicePort } from './endpoint-slice.ts'

/** A pod that may be called. */
export interface ServiceEndpoint {
  /** One for each IP family, IPv4 first. */
  readonly addresses: readonly string[]
  readonly port: number
  /** '' where it is not told; so are the names below. */
  readonly zone: string
  readonly nodeName: string
  readonly pod: string
}

export interface EndpointChoice {
  /** The caller's zone: where every endpoint has hints, only those meant for it. */
  readonly zone?: string | undefined
}

/**
 * The pods of a Service that take calls at a port, told by its slices, each once and in an order of its own. As kube-proxy has it:
 * those that are ready; where none is, those that still serve while they terminate.
 * @param port name or number of the port the pods listen on. A Service of one port without a name takes any.
 */
export function serviceEndpoints(
  slices: readonly EndpointSlice[],
  port: string | number,
  { zone }: EndpointChoice = {},
): ServiceEndpoint[] {
  const listed = slices.flatMap((slice) => listedIn(slice, String(port)))
  const ready = listed.filter((one) => one.ready)
  const usable = ready.length > 0 ? ready : listed.filter((one) => one.servesWhileTerminating)
  return onePerPod(hintedTo(zone, usable))
}

interface Listed {
  /** The same for all addresses of a pod. */
  readonly key: string
  readonly ipv4: boolean
  readonly ready: boolean
  readonly servesWhileTerminating: boolean
  /** Zones it is meant for; undefined where it does not say. */
  readonly zones: readonly string[] | undefined
  readonly endpoint: ServiceEndpoint
}

function listedIn({ addressType, ports, endpoints }: EndpointSlice, wanted: string): readonly Listed[] {
  const port = portOf(ports ?? [], wanted)
  // Names would have to be looked up, which Kubernetes itself does not do either.
  if (port === undefined || addressType === 'FQDN') return []
  return (endpoints ?? []).flatMap((endpoint) => {
    // More than the first has no meaning, says the API.
    const [address] = endpoint.addresses
    return address === undefined ? [] : [listedAt(endpoint, address, port, addressType === 'IPv4')]
  })
}

function listedAt(endpoint: SliceEndpoint, address: string, port: number, ipv4: boolean): Listed {
  const { conditions, hints, targetRef, zone = '', nodeName = '' } = endpoint
  const ready = conditions?.ready ?? true
  return {
    key: `${targetRef?.uid ?? targetRef?.name ?? address} ${port}`,
    ipv4,
    ready,
    servesWhileTerminating: (conditions?.serving ?? ready) && (conditions?.terminating ?? false),
    zones: hints?.forZones?.length ? hints.forZones.map(({ name }) => name) : undefined,
    endpoint: {
      addresses: [address],
      port,
      zone,
      nodeName,
      pod: targetRef?.kind === 'Pod' ? (targetRef.name ?? '') : '',
    },
  }
}

/** The number that a slice's pods listen on for a port of this name or number; undefined when they do not. */
export function portOf(ports: readonly SlicePort[], wanted: string): number | undefined {
  const [only] = ports
  if (ports.length === 1 && only && !only.name) return only.port ?? undefined
  return ports.find(({ name, port }) => port && (name === wanted || String(port) === wanted))?.port ?? undefined
}

/** Those meant for the zone, where every one says whom it is meant for and any is. */
function hintedTo(zone: string | undefined, all: readonly Listed[]): readonly Listed[] {
  if (!zone || !all.every(({ zones }) => zones)) return all
  const hinted = all.filter(({ zones }) => zones?.includes(zone))
  return hinted.length > 0 ? hinted : all
}

/** A pod has a slice for each of its families, and is in two of one family for a moment when it moves. */
function onePerPod(all: readonly Listed[]): ServiceEndpoint[] {
  const pods = new Map<string, Listed[]>()
  for (const listed of all) {
    const known = pods.get(listed.key)
    if (!known) pods.set(listed.key, [listed])
    else if (!known.some(({ ipv4 }) => ipv4 === listed.ipv4)) known.push(listed)
  }
  return [...pods.values()].map(joined).sort((a, b) => compare(placeOf(a), placeOf(b)) || a.port - b.port)
}

function joined(families: Listed[]): ServiceEndpoint {
  const [{ endpoint }, other] = families.sort((a, b) => Number(b.ipv4) - Number(a.ipv4)) as [Listed, Listed?]
  if (other === undefined) return endpoint
  return { ...endpoint, addresses: [...endpoint.addresses, ...other.endpoint.addresses] }
}

const placeOf = ({ addresses }: ServiceEndpoint) => addresses[0] as string

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
