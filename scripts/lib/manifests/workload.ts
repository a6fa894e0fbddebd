import { isMap } from '../values.ts'
import type { Content, Manifest, Path, StringMap } from './manifest.ts'
import { labelsOf } from './selectors.ts'

/** Something that runs pods: a Deployment, StatefulSet, DaemonSet, ReplicaSet, Rollout, Job, CronJob, or a Pod by itself. */
export interface Workload {
  readonly manifest: Manifest
  readonly name: string
  readonly namespace: string
  /** Of its pods. */
  readonly podLabels: StringMap
  readonly podAnnotations: StringMap
  readonly podSpec: Content
  /** Where the pods' template stands in the manifest: [] for a Pod, ['spec', 'template'] for a Deployment. */
  readonly templatePath: Path
  /** All that run while the pod lives: containers, and native sidecars among its init containers. */
  readonly containers: readonly Container[]
  /** Pods that there are to be at first, and at most; a DaemonSet counts as two. */
  readonly replicas: number
  readonly maxReplicas: number
  readonly autoscaler: Manifest | undefined
  readonly isJob: boolean
}

export interface Container {
  readonly name: string
  readonly path: Path
  readonly content: Content
  readonly ports: readonly ContainerPort[]
}

export interface ContainerPort {
  readonly name: string
  readonly number: number
  readonly path: Path
}

/** The workload that a manifest is; undefined for other kinds, and for those without a container. */
export function workloadOf(manifest: Manifest, autoscalers: readonly Manifest[]): Workload | undefined {
  const templatePath = templatePaths[manifest.kind]
  if (templatePath === undefined) return undefined
  const template = templatePath.reduce<Content>((at, key) => at?.[key], manifest.content)
  const podSpec = template?.spec
  if (!Array.isArray(podSpec?.containers)) return undefined
  const { name, namespace } = manifest.metadata
  const autoscaler = autoscalers.find((each) => scales(each, manifest))
  const replicas = manifest.kind === 'DaemonSet' ? 2 : countOf(manifest.content.spec?.replicas, 1)
  const { minReplicas, maxReplicas, minReplicaCount, maxReplicaCount } = autoscaler?.content.spec ?? {}
  const least = autoscaler ? Math.max(1, countOf(minReplicas ?? minReplicaCount, 1)) : replicas
  return {
    manifest,
    name,
    namespace,
    podLabels: labelsOf(template.metadata?.labels),
    podAnnotations: labelsOf(template.metadata?.annotations),
    podSpec,
    templatePath,
    containers: containersOf(podSpec, [...templatePath, 'spec']),
    replicas: Math.max(replicas, least),
    maxReplicas: Math.max(replicas, least, autoscaler ? countOf(maxReplicas ?? maxReplicaCount, 100) : 0),
    autoscaler,
    isJob: manifest.kind === 'Job' || manifest.kind === 'CronJob',
  }
}

/** The container that has a port of this name or number; a number is looked for among those that are declared. */
export const containerWithPort = ({ containers }: Workload, port: string | number): Container | undefined =>
  containers.find(({ ports }) => ports.some((each) => each.name === port || each.number === port))

/** The number of a port of a workload that goes by a name or a number; undefined for a name that it has not. */
export function portNumber(workload: Workload, port: string | number): number | undefined {
  if (typeof port === 'number') return port
  const found = workload.containers.flatMap(({ ports }) => ports).find(({ name }) => name === port)
  return found?.number
}

const inTemplate: Path = ['spec', 'template']

const templatePaths: Readonly<Record<string, Path>> = {
  Deployment: inTemplate,
  StatefulSet: inTemplate,
  DaemonSet: inTemplate,
  ReplicaSet: inTemplate,
  ReplicationController: inTemplate,
  Rollout: inTemplate,
  Job: inTemplate,
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Pod: [],
}

function scales({ metadata, content }: Manifest, workload: Manifest): boolean {
  const { kind = 'Deployment', name } = content.spec?.scaleTargetRef ?? {}
  return metadata.namespace === workload.metadata.namespace && kind === workload.kind && name === workload.metadata.name
}

const countOf = (value: unknown, preset: number): number => (typeof value === 'number' ? value : preset)

function containersOf(podSpec: Content, path: Path): Container[] {
  const sidecars = listOf(podSpec.initContainers).map((content, i) => ({
    content,
    path: [...path, 'initContainers', i],
  }))
  const main = listOf(podSpec.containers).map((content, i) => ({ content, path: [...path, 'containers', i] }))
  const running = [...main, ...sidecars.filter(({ content }) => content.restartPolicy === 'Always')]
  return running.map(({ content, path }) => ({
    name: String(content.name ?? ''),
    path,
    content,
    ports: listOf(content.ports).flatMap((port, i) =>
      typeof port.containerPort === 'number'
        ? [{ name: String(port.name ?? ''), number: port.containerPort, path: [...path, 'ports', i] }]
        : [],
    ),
  }))
}

/** The maps in what should be a list of maps. */
export const listOf = (value: unknown): Content[] => (Array.isArray(value) ? value.filter(isMap) : [])
