import type { StringMap } from './manifest.ts'
import { selects } from './selectors.ts'
import type { Workload } from './workload.ts'

/** Workloads by the labels of their pods, so that thousands of Services find theirs without asking each of them. */
export class WorkloadIndex {
  private readonly byLabel = new Map<string, Workload[]>()

  constructor(workloads: readonly Workload[]) {
    for (const workload of workloads) {
      for (const label of Object.entries(workload.podLabels)) {
        const key = keyOf(workload.namespace, label)
        const others = this.byLabel.get(key)
        if (others) others.push(workload)
        else this.byLabel.set(key, [workload])
      }
    }
  }

  /** Those in a namespace that have all the labels of a selector; none for an empty one. */
  selectedBy(selector: StringMap, namespace: string): Workload[] {
    const lists = Object.entries(selector).map((label) => this.byLabel.get(keyOf(namespace, label)) ?? [])
    const shortest = lists.reduce<Workload[]>((one, other) => (other.length < one.length ? other : one), lists[0] ?? [])
    return shortest.filter(({ podLabels }) => selects(selector, podLabels))
  }
}

const keyOf = (namespace: string, [name, value]: readonly [string, string]): string => `${namespace} ${name}=${value}`
