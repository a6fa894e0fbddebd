import { Counter, Gauge, type Metric, type Registry } from '@prometheus-io/client'
import type { HandlingSeconds } from './handling-seconds.ts'

export type Labels = Readonly<Record<string, string>>
export type Sample = readonly [labels: Labels, value: number]

/** What a metric is called, and what it tells. */
export interface About {
  readonly name: string
  readonly help: string
  readonly labelNames?: string[]
}

/** A counter whose values are kept elsewhere, as plain numbers, and read when scraped: counting costs next to nothing. */
export function counter(registry: Registry, about: About, samples: () => readonly Sample[]): void {
  new Counter({
    ...about,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of samples()) this.inc({ ...labels }, value)
    },
  })
}

/** A gauge that is read when scraped. */
export function gauge(
  registry: Registry,
  about: About,
  samples: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  new Gauge({
    ...about,
    registers: [registry],
    async collect() {
      const all = await samples()
      this.reset()
      for (const [labels, value] of all) this.set({ ...labels }, value)
    },
  })
}

/** A histogram of series that are kept elsewhere, read when scraped. */
export function histogram(
  registry: Registry,
  { name, help }: About,
  series: () => readonly (readonly [labels: Labels, seconds: HandlingSeconds])[],
): void {
  const about = { name, help, type: 'histogram', aggregator: 'sum' }
  const get = async () => ({ ...about, values: series().flatMap(([labels, seconds]) => seconds.samples(name, labels)) })
  // The registry asks a metric for nothing but these; its types name the library's own classes.
  registry.registerMetric({ ...about, get } as unknown as Metric<string>)
}
