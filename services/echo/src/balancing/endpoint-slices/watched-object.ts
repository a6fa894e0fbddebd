/** What every object of Kubernetes has. */
export interface WatchedObject {
  readonly metadata: { readonly name: string; readonly namespace: string }
}

/** Tells whether a value read from JSON is an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, when it has at least a name and a namespace. */
export function namedObject<T extends WatchedObject>(value: unknown): T | undefined {
  if (!isObject(value) || !isObject(value.metadata)) return undefined
  const { name, namespace } = value.metadata
  return typeof name === 'string' && typeof namespace === 'string' ? (value as unknown as T) : undefined
}

/** NAMESPACE/NAME; '' when it has none. */
export function keyOf(value: unknown): string {
  const metadata = namedObject(value)?.metadata
  return metadata ? `${metadata.namespace}/${metadata.name}` : ''
}

/** The version of a list or an object; undefined when it has none. */
export function versionOf(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value.metadata)) return undefined
  const { resourceVersion } = value.metadata
  return typeof resourceVersion === 'string' && resourceVersion !== '' ? resourceVersion : undefined
}

/** The value, when it is a list; otherwise one of nothing. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
