import { unavailable, usageError } from '../../lib/exit.ts'
import type { Content } from '../../lib/manifests/manifest.ts'
import type { Model } from '../../lib/manifests/model.ts'
import { labelsOf, selects } from '../../lib/manifests/selectors.ts'
import type { Service, ServicePort } from '../../lib/manifests/service.ts'
import type { Cluster } from '../cluster.ts'
import type { Api } from './api-server.ts'
import { type ClusterReading, readCluster } from './cluster-reading.ts'
import type { DiagnosisOptions } from './diagnosis.ts'
import { lastWordsOf } from './last-words.ts'
import type { Live, LiveCaller } from './live.ts'
import { type LiveEndpoint, liveEndpoints } from './live-endpoints.ts'
import { type LivePod, livePod } from './live-pod.ts'
import { PodPages } from './pod-pages.ts'
import type { Reader } from './reader.ts'
import { keyOf, podsByWorkload } from './running-workloads.ts'
import { whatIsUnseen } from './unseen.ts'
import { watchTraffic } from './watch-traffic.ts'

export interface Observed {
  readonly live: Live
  /** What could not be seen, a sentence each. */
  readonly unseen: readonly string[]
  readonly modelOf: ClusterReading['modelOf']
}

/** Reads all that there is to know of a Service, and counts its calls for a while. */
export async function observe(
  cluster: Cluster,
  api: Api,
  reader: Reader,
  options: DiagnosisOptions,
): Promise<Observed> {
  const { namespace, service: name, port, seconds, progress } = options
  progress('reading what is on the cluster')
  const reading = await readCluster(reader, namespace, name, port)
  const { model, modelOf } = reading
  const service = serviceIn(model, namespace, name)
  const zoneOf = zonesOf(reading.nodes)
  const toPod = (content: Content): LivePod => livePod(content, (node) => zoneOf.get(node) ?? '')
  const pods = podsBehind(reading).map(toPod)
  const callers = callersOf(model, service, podsByWorkload(reading.objects, reading.allPods), toPod)
  const known = {
    service,
    model,
    ports: grpcPortsOf(model, service, port),
    endpoints: reading.slices === undefined ? pods.map(asEndpoint) : liveEndpoints(slicesOf(reading.slices, name)),
    pods,
    lastWords: await lastWordsOf(api, reader, pods),
    nodeZones: reading.nodes.filter(takesPods).map(({ metadata }) => zoneOf.get(metadata.name) ?? ''),
    callers,
  }
  const pages = new PodPages(cluster, api, reader, options.mayForward)
  try {
    if (seconds > 0) progress(`counting calls for ${seconds} s`)
    const watched = seconds > 0 ? await watchTraffic(cluster, pages, pods, callers, seconds) : undefined
    const live = { ...known, traffic: watched?.traffic, proxies: watched?.proxies ?? [] }
    return { live, modelOf, unseen: whatIsUnseen(live, watched, reader, options, pages.forwarded) }
  } finally {
    await pages.close()
  }
}

const zonesOf = (nodes: readonly Content[]): Map<string, string> =>
  new Map(nodes.map(({ metadata }) => [metadata.name, labelsOf(metadata.labels)['topology.kubernetes.io/zone'] ?? '']))

const takesPods = ({ spec }: Content): boolean => spec?.unschedulable !== true

const slicesOf = (slices: readonly Content[], service: string): Content[] =>
  slices.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)

/** The pods that a Service selects and that have not ended, in order of name. */
function podsBehind({ service, pods }: ClusterReading): Content[] {
  const selector = labelsOf(service.spec?.selector)
  const behind = pods.filter(
    ({ metadata, status }) =>
      selects(selector, labelsOf(metadata.labels)) && !/^(Succeeded|Failed)$/.test(status?.phase),
  )
  return behind.toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
}

function serviceIn(model: Model, namespace: string, name: string): Service {
  const service = model.serviceNamed(name, namespace)
  if (service === undefined) throw unavailable(`Service ${namespace}/${name} cannot be read: try again`)
  return service
}

/** @throws EvenlyError (64) when none speaks gRPC as far as anybody can tell */
function grpcPortsOf(model: Model, service: Service, told: number | undefined): ServicePort[] {
  const { ports, namespace, name } = service
  const all = ports.map((port) => `${port.number}${port.name && ` ${port.name}`}`).join(', ')
  if (told !== undefined && !ports.some(({ number }) => number === told)) {
    throw usageError(`Service ${namespace}/${name} has no port ${told}: it has ${all || 'none'}`)
  }
  const found = model.grpcPorts(service)
  if (found.length > 0) return found
  throw usageError(
    `nothing shows which port of Service ${namespace}/${name} speaks gRPC (it has ${all || 'none'}; neither a name, an appProtocol, a gRPC probe nor a route says so): say it with --port`,
  )
}

function callersOf(
  model: Model,
  service: Service,
  podsOf: ReadonlyMap<string, readonly Content[]>,
  toPod: (content: Content) => LivePod,
): LiveCaller[] {
  const calls = [service, ...model.twinsOf(service)].flatMap((each) => model.callsTo(each))
  return calls.map((call) => {
    const { kind } = call.client.manifest
    const pods = podsOf.get(keyOf(kind, call.client.namespace, call.client.name)) ?? []
    return { call, mesh: model.meshOf(call.client), pods: pods.map(toPod) }
  })
}

/** Where EndpointSlices may not be read, ready pods stand in for them. */
const asEndpoint = ({ ip, ready, leaving, zone, name }: LivePod): LiveEndpoint => ({
  address: ip,
  ready,
  terminating: leaving,
  zone,
  forZones: [],
  pod: name,
})
