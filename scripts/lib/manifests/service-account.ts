import type { Content, Manifest } from './manifest.ts'
import type { Model } from './model.ts'
import { listOf, type Workload } from './workload.ts'

/** The account that a workload's pods run as. */
export function accountOf({ podSpec }: Workload): string {
  const name: unknown = podSpec.serviceAccountName ?? podSpec.serviceAccount
  return typeof name === 'string' && name !== '' ? name : 'default'
}

/** Whether the pods of a workload get their account's token: as they say, else as the account does, else yes. */
export function hasToken(model: Model, workload: Workload): boolean {
  const { automountServiceAccountToken: own, volumes } = workload.podSpec
  const projected = listOf(volumes).flatMap(({ projected }) => listOf(projected?.sources))
  if (projected.some((source) => source.serviceAccountToken !== undefined)) return true
  const account = model.ofKind('ServiceAccount').find(({ metadata }) => {
    return metadata.name === accountOf(workload) && metadata.namespace === workload.namespace
  })
  return (own ?? account?.content.automountServiceAccountToken) !== false
}

/**
 * Whether the account of a workload's pods may list and watch EndpointSlices in a namespace. A role that is not among the
 * manifests, such as the cluster's own `view`, may well say so.
 */
export function mayWatchSlices(model: Model, workload: Workload, namespace: string): boolean {
  const bindings = [...model.ofKind('RoleBinding').filter(({ metadata }) => metadata.namespace === namespace)]
  return [...bindings, ...model.ofKind('ClusterRoleBinding')].some((binding) => {
    if (!listOf(binding.content.subjects).some((subject) => isFor(subject, workload))) return false
    const role = roleOf(model, binding)
    return role === undefined || listOf(role.content.rules).some(letsWatch)
  })
}

function isFor({ kind, name, namespace }: Content, workload: Workload): boolean {
  if (kind === 'ServiceAccount') return name === accountOf(workload) && namespace === workload.namespace
  if (kind !== 'Group') return false
  const groups = ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${workload.namespace}`]
  return groups.includes(name)
}

function roleOf(model: Model, { content, metadata }: Manifest): Manifest | undefined {
  const { kind, name } = content.roleRef ?? {}
  return model.ofKind(kind === 'ClusterRole' ? kind : 'Role').find((role) => {
    return role.metadata.name === name && (kind === 'ClusterRole' || role.metadata.namespace === metadata.namespace)
  })
}

function letsWatch({ apiGroups, resources, verbs }: Content): boolean {
  const says = (list: unknown, word: string) => Array.isArray(list) && (list.includes(word) || list.includes('*'))
  const isAbout = says(apiGroups, 'discovery.k8s.io') && says(resources, 'endpointslices')
  return isAbout && says(verbs, 'list') && says(verbs, 'watch')
}
