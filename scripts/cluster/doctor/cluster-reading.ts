import type { Content, Manifest } from '../../lib/manifests/manifest.ts'
import type { Model } from '../../lib/manifests/model.ts'
import { findService, mayNot } from './find-service.ts'
import { endpointSlices, modelled, nodes, pods as podKind, services } from './kinds.ts'
import { liveManifest } from './live-manifest.ts'
import type { Reader } from './reader.ts'
import { runningWorkloads } from './running-workloads.ts'
import { modelTold } from './told-model.ts'
import { usedConfigMaps } from './used-config-maps.ts'

/** All that was read of a cluster for the sake of one Service. */
export interface ClusterReading {
  readonly service: Content
  /** Of its namespace. */
  readonly pods: readonly Content[]
  /** Of its namespace, and of those that callers are in. */
  readonly allPods: readonly Content[]
  /** Undefined where they may not be listed. */
  readonly slices: readonly Content[] | undefined
  readonly nodes: readonly Content[]
  /** Everything else, as it was read. */
  readonly objects: readonly Content[]
  readonly model: Model
  /** Makes a model of other objects as that was made. */
  readonly modelOf: (objects: readonly Manifest[]) => Model
}

/** @throws EvenlyError (69) when the Service or the pods of its namespace cannot be read */
export async function readCluster(
  reader: Reader,
  namespace: string,
  name: string,
  port: number | undefined,
): Promise<ClusterReading> {
  const service = await findService(reader, namespace, name)
  const pods = await reader.listIn(podKind, namespace)
  if (pods === undefined) {
    reader.deny('list', podKind, namespace)
    throw mayNot('list', 'pods', namespace, reader)
  }
  const slices = await reader.listIn(endpointSlices, namespace)
  if (slices === undefined) reader.deny('list', endpointSlices, namespace)
  const [allNodes, allServices, ...others] = await Promise.all([
    reader.listWidely(nodes, namespace),
    reader.listWidely(services, namespace),
    ...modelled.map((kind) => reader.listWidely(kind, namespace)),
  ])
  const objects = others.flat()
  const configMaps = await usedConfigMaps(reader, objects, pods, namespace)
  const modelOf = (manifests: readonly Manifest[]) =>
    modelTold(manifests, port === undefined ? undefined : { namespace, service: name, port })
  const modelWith = (known: readonly Content[]): Model => {
    const workloads = runningWorkloads(objects.filter(isWorkload), known, objects.filter(isNamespace))
    const rest = objects.filter((object) => !isWorkload(object))
    return modelOf([...withOne(allServices, service), ...workloads, ...rest, ...configMaps].map(liveManifest))
  }
  const allPods = [...pods, ...(await podsOfCallers(reader, modelWith(pods), namespace, name))]
  return { service, pods, allPods, slices, nodes: allNodes, objects, model: modelWith(allPods), modelOf }
}

const workloadKinds = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Rollout'])

const isWorkload = ({ kind }: Content): boolean => workloadKinds.has(kind)

const isNamespace = ({ kind }: Content): boolean => kind === 'Namespace'

/** The Service itself is known even where Services may not be listed. */
const withOne = (list: readonly Content[], one: Content): Content[] => [
  one,
  ...list.filter(
    ({ metadata }) => metadata.name !== one.metadata.name || metadata.namespace !== one.metadata.namespace,
  ),
]

/** Pods in other namespaces that callers are in. */
async function podsOfCallers(reader: Reader, model: Model, namespace: string, name: string): Promise<Content[]> {
  const service = model.serviceNamed(name, namespace)
  const siblings = service === undefined ? [] : [service, ...model.twinsOf(service)]
  const homes = new Set(siblings.flatMap((each) => model.callsTo(each).map(({ client }) => client.namespace)))
  homes.delete(namespace)
  const lists = [...homes].map(async (home) => {
    const found = await reader.listIn(podKind, home)
    if (found === undefined) reader.deny('list', podKind, home)
    return found ?? []
  })
  return (await Promise.all(lists)).flat()
}
