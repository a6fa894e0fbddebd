import type { Metric, Registry } from '@prometheus-io/client'

/** Seconds; OpenTelemetry's rpc buckets with three finer ones below, where an echo lives. */
const upperBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** One series of a histogram, kept as plain numbers: the library's own costs every call what all other counting does. */
export class HandlingSeconds {
  readonly labels: Readonly<Record<string, string>>
  private readonly buckets = new Float64Array(upperBounds.length + 1)
  private sum = 0

  constructor(labels: Readonly<Record<string, string>>) {
    this.labels = labels
  }

  observe(seconds: number): void {
    let bucket = 0
    while (bucket < upperBounds.length && seconds > (upperBounds[bucket] as number)) bucket++
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1
    this.sum += seconds
  }

  /** The series as a Prometheus histogram exposes it: buckets hold all calls up to their bound. */
  samples(name: string): { metricName: string; labels: Record<string, string>; value: number }[] {
    let count = 0
    const buckets = Array.from(this.buckets, (calls, index) => {
      count += calls
      const le = String(upperBounds[index] ?? '+Inf')
      return { metricName: `${name}_bucket`, labels: { ...this.labels, le }, value: count }
    })
    const total = (suffix: string, value: number) => ({ metricName: name + suffix, labels: { ...this.labels }, value })
    return [...buckets, total('_sum', this.sum), total('_count', count)]
  }
}

/** Lets a registry expose the series under one name. */
export function registerHandlingSeconds(
  registry: Registry,
  name: string,
  help: string,
  series: readonly HandlingSeconds[],
): void {
  const about = { name, help, type: 'histogram', aggregator: 'sum' }
  const get = async () => ({ ...about, values: series.flatMap((one) => one.samples(name)) })
  // The registry asks a metric for nothing but these; its types name the library's own classes.
  registry.registerMetric({ ...about, get } as unknown as Metric<string>)
}
