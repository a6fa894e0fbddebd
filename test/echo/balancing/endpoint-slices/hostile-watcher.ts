import { KubernetesApi } from '../../../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts'
import { watchEndpointSlices } from '../../../../services/echo/src/balancing/endpoint-slices/watch-endpoint-slices.ts'

/** What a process of its own has seen, and what it took. */
export interface Watching {
  readonly names: readonly string[] | undefined
  readonly problems: readonly string[]
  /** From when it began to watch. */
  readonly grownMegabytes: number
}

// hostile-watcher.ts URL: watches slices, and tells now and then how it fares.
let names: string[] | undefined
const problems: string[] = []
watchEndpointSlices({
  api: new KubernetesApi({ url: process.argv[2] as string }),
  namespace: 'shop',
  service: 'orders',
  changed: (slices) => {
    names = slices.map(({ metadata }) => metadata.name)
  },
  problem: (sentence) => {
    if (sentence !== undefined) problems.push(sentence)
  },
})
const before = process.memoryUsage.rss()
let most = before
setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
  const watching: Watching = { names, problems, grownMegabytes: (most - before) / 1e6 }
  process.send?.(watching, undefined, undefined, () => {})
}, 20)
process.on('disconnect', () => process.exit(0))
