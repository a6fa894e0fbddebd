import { isMap } from '../values.ts'
import type { Content } from './manifest.ts'

/**
 * Objects with strategic merge patches laid over them, as `kubectl apply -k` does it: a patch is for the object of its kind,
 * name and namespace, null takes a field away, `$patch: delete` the object or the entry, lists of Kubernetes' own kinds are merged
 * by their keys, those of custom resources replaced. A patch that fits no object is one more object.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function applyPatches(objects: readonly Content[], patches: readonly Content[]): Content[] {
  const patched = [...objects]
  for (const patch of patches) {
    const at = patched.findIndex((object) => isSame(object, patch))
    if (at < 0) patched.push(patch)
    else if (patch.$patch === 'delete') patched.splice(at, 1)
    else patched[at] = merged(patched[at], patch, isCustom(patch))
  }
  return patched
}

const isSame = (one: Content, other: Content): boolean =>
  one.kind === other.kind &&
  groupOf(one) === groupOf(other) &&
  one.metadata?.name === other.metadata?.name &&
  (one.metadata?.namespace ?? 'default') === (other.metadata?.namespace ?? 'default')

const groupOf = ({ apiVersion }: Content): string => String(apiVersion).split('/').at(-2) ?? ''

/** Kubernetes' own groups have no dot, or end as those of its custom resources never do. */
const isCustom = (object: Content): boolean =>
  groupOf(object).includes('.') &&
  !/^(autoscaling|policy|rbac\.authorization|networking|discovery)(\.k8s\.io)?$/.test(groupOf(object))

function merged(before: Content, patch: Content, custom: boolean, field = ''): Content {
  const key = custom ? undefined : mergeKeys[field]
  if (Array.isArray(before) && Array.isArray(patch) && key !== undefined) return mergedLists(before, patch, key)
  if (!isMap(before) || !isMap(patch)) return patch
  const result: Record<string, Content> = { ...before }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = name in result ? merged(result[name], value, custom, name) : withoutNulls(value)
  }
  return result
}

function mergedLists(before: readonly Content[], patch: readonly Content[], keys: readonly string[]): Content[] {
  const key = keys.find((name) => [...before, ...patch].every((entry) => isMap(entry) && name in entry))
  if (key === undefined) return [...patch]
  const result = [...before]
  for (const entry of patch) {
    const alike = result.filter((each) => each[key] === entry[key])
    const at = result.findIndex((each) => alike.includes(each) && each.protocol === entry.protocol)
    if (at < 0 && alike.some(({ protocol }) => protocol === undefined || entry.protocol === undefined)) continue
    if (at < 0) result.push(entry)
    else if (entry.$patch === 'delete') result.splice(at, 1)
    else result[at] = merged(result[at], entry, false)
  }
  return result
}

/**
 * By what the entries of Kubernetes' own lists are told apart; those of all other lists are not, so they are replaced. Ports are
 * told apart by their protocol too, and a patch that names none where the object does, or the other way round, is passed over.
 */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  topologySpreadConstraints: ['topologyKey'],
  ports: ['port', 'containerPort'],
}

const withoutNulls = (value: Content): Content =>
  isMap(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)]])),
      )
    : value
