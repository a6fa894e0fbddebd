import { vi } from 'vitest'
import { KubernetesApi } from '../../../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts'
import { watchList } from '../../../../services/echo/src/balancing/endpoint-slices/watch-list.ts'
import type { WatchedObject } from '../../../../services/echo/src/balancing/endpoint-slices/watched-object.ts'

/** A watch and all that it has told. */
export class Watched {
  /** Names of the objects, at each change. */
  readonly changes: string[][] = []
  readonly problems: (string | undefined)[] = []
  private readonly watch: { close(): void }

  constructor(url: string, read?: (value: unknown) => WatchedObject | undefined) {
    this.watch = watchList<WatchedObject>({
      api: new KubernetesApi({ url }),
      path: '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices',
      labelSelector: 'kubernetes.io/service-name=orders',
      ...(read && { read }),
      changed: (items) => this.changes.push(items.map(({ metadata }) => metadata.name)),
      problem: (sentence) => this.problems.push(sentence),
    })
  }

  get names(): string[] | undefined {
    return this.changes.at(-1)
  }

  close(): void {
    this.watch.close()
  }
}

/** Waits long enough for any machine. */
export const until = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 45_000, interval: 20 })
