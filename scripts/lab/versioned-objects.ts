/** An object that an API server keeps, as far as one looks into it here. */
interface Named {
  readonly metadata: { readonly name: string; readonly namespace: string }
}

/** What became of an object; the object carries the version in which it did. */
export interface ObjectEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: T
}

/** Changes that are remembered for who watches from an earlier version on. */
const remembered = 1000

/** Objects with a version that grows with every change, to list and to watch from a version on, as Kubernetes keeps them. */
export class VersionedObjects<T extends Named> {
  private version = 1
  private readonly objects = new Map<string, { readonly object: T; readonly text: string }>()
  private readonly changes: { readonly version: number; readonly event: ObjectEvent<T> }[] = []
  private readonly watchers = new Set<(event: ObjectEvent<T>) => void>()

  list(wanted: (object: T) => boolean): { readonly items: readonly T[]; readonly resourceVersion: string } {
    const items = [...this.objects.values()].map(({ object }) => object).filter(wanted)
    return { items, resourceVersion: String(this.version) }
  }

  /**
   * Tells every change after a version, and every further one until the answer is called; undefined for a version so old that
   * changes after it are forgotten.
   */
  watch(from: number, tell: (event: ObjectEvent<T>) => void): (() => void) | undefined {
    if (from < (this.changes[0]?.version ?? 0) - 1 && this.version > remembered) return undefined
    for (const { version, event } of this.changes) if (version > from) tell(event)
    this.watchers.add(tell)
    return () => this.watchers.delete(tell)
  }

  /** Makes `objects` all there are of a kind; those that are as they were are left alone. */
  replace(isOfKind: (object: T) => boolean, objects: readonly T[]): void {
    const keep = new Set(objects.map(keyOf))
    for (const [key, { object }] of this.objects) {
      if (keep.has(key) || !isOfKind(object)) continue
      this.objects.delete(key)
      this.changed('DELETED', object)
    }
    for (const object of objects) {
      const text = JSON.stringify(object)
      const before = this.objects.get(keyOf(object))
      if (before?.text === text) continue
      this.objects.set(keyOf(object), { object: this.changed(before ? 'MODIFIED' : 'ADDED', object), text })
    }
  }

  private changed(type: ObjectEvent<T>['type'], object: T): T {
    const metadata = { ...object.metadata, resourceVersion: String(++this.version) }
    const event = { type, object: { ...object, metadata } }
    this.changes.push({ version: this.version, event })
    if (this.changes.length > remembered) this.changes.shift()
    for (const tell of this.watchers) tell(event)
    return event.object
  }
}

const keyOf = ({ metadata: { namespace, name } }: Named): string => `${namespace}/${name}`
