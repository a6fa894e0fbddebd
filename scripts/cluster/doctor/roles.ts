import { stringify } from 'yaml'
import { configMaps, endpointSlices, type Kind, modelled, nodes, pods, services } from './kinds.ts'
import type { Denied } from './reader.ts'

/** Rights as objects to apply: a Role in each namespace, a ClusterRole for what is asked for everywhere. */
export function rolesFor(rights: readonly Denied[], name = 'evenly-doctor'): string {
  const byNamespace = Map.groupBy(rights, ({ namespace }) => namespace)
  return [...byNamespace]
    .map(([namespace, each]) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: namespace === undefined ? 'ClusterRole' : 'Role',
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      rules: rulesFor(each),
    }))
    .map((role) => stringify(role))
    .join('---\n')
}

/**
 * All rights that a diagnosis uses: with a namespace those in it alone, and of the cluster what is in no namespace; without one,
 * in all namespaces, which lets it see callers and policies wherever they are.
 */
export function allRights(namespace?: string): Denied[] {
  const lists = [services, pods, endpointSlices, nodes, ...modelled].map((kind) => right('list', kind, namespace))
  const reads = [services, configMaps].map((kind) => right('get', kind, namespace))
  const windows = [
    right('get', { group: '', resource: 'pods/proxy' }, namespace),
    right('get', { group: '', resource: 'pods/log' }, namespace),
    right('create', { group: '', resource: 'pods/portforward' }, namespace),
    // kubectl asks for the pod before it forwards a port of it.
    right('get', pods, namespace),
  ]
  return [...lists, ...reads, ...windows]
}

const right = (
  verb: Denied['verb'],
  { group, resource, isOfCluster }: Pick<Kind, 'group' | 'resource' | 'isOfCluster'>,
  namespace: string | undefined,
): Denied => ({ verb, group, resource, namespace: isOfCluster ? undefined : namespace })

/** Resources that need the same verbs of the same group together. */
function rulesFor(rights: readonly Denied[]): object[] {
  const verbs = new Map<string, Set<string>>()
  for (const { group, resource, verb } of rights) {
    const key = `${group}/${resource}`
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb))
  }
  const alike = Map.groupBy(verbs, ([key, each]) => `${key.slice(0, key.indexOf('/'))} ${[...each].sort()}`)
  return [...alike.values()].map((each) => {
    const [key, needed] = each[0] as [string, Set<string>]
    return {
      apiGroups: [key.slice(0, key.indexOf('/'))],
      resources: each.map(([name]) => name.slice(name.indexOf('/') + 1)),
      verbs: [...needed].sort(),
    }
  })
}
