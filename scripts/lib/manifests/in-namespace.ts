import type { Manifest } from './manifest.ts'
import type { Model } from './model.ts'

/** Objects of a kind in a namespace. Asked for each of thousands of workloads, so they are sorted once. */
export function inNamespace(model: Model, kind: string, namespace: string): readonly Manifest[] {
  const kinds = sorted.get(model) ?? new Map<string, Map<string, Manifest[]>>()
  sorted.set(model, kinds)
  const namespaces = kinds.get(kind) ?? Map.groupBy(model.ofKind(kind), ({ metadata }) => metadata.namespace)
  kinds.set(kind, namespaces)
  return namespaces.get(namespace) ?? []
}

const sorted = new WeakMap<Model, Map<string, Map<string, Manifest[]>>>()
