import type { Labels } from './collected.ts'

/** The trace of one observed call, which a point of a graph leads to. */
export interface Exemplar {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
}

/** An exemplar as the registry prints it. */
interface KeptExemplar {
  readonly labelSet: { readonly trace_id: string; readonly span_id: string }
  readonly value: number
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** One line of a histogram, as the registry takes it. */
export interface HistogramLine {
  readonly metricName: string
  readonly labels: Labels
  readonly value: number
  readonly exemplar?: KeptExemplar
}

/** Seconds; OpenTelemetry's rpc buckets with three finer ones below, where an echo lives. */
const upperBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** One series of a histogram, kept as plain numbers: the library's own costs every call what all other counting does. */
export class HandlingSeconds {
  private readonly buckets = new Float64Array(upperBounds.length + 1)
  /** The last exemplar of each bucket; made when the first comes. */
  private exemplars: (KeptExemplar | undefined)[] | undefined
  private sum = 0

  observe(seconds: number, exemplar?: Exemplar): void {
    let bucket = 0
    while (bucket < upperBounds.length && seconds > (upperBounds[bucket] as number)) bucket++
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1
    this.sum += seconds
    if (exemplar !== undefined) this.keep(bucket, seconds, exemplar)
  }

  /** Observations so far. */
  count(): number {
    return this.buckets.reduce((sum, calls) => sum + calls, 0)
  }

  /** All of them together, with the newest exemplar of each bucket. */
  static sum(all: Iterable<HandlingSeconds>): HandlingSeconds {
    const total = new HandlingSeconds()
    for (const one of all) total.add(one)
    return total
  }

  /** The series as a Prometheus histogram exposes it: buckets hold all calls up to their bound. */
  samples(name: string, labels: Labels): HistogramLine[] {
    let count = 0
    const buckets = Array.from(this.buckets, (calls, index): HistogramLine => {
      count += calls
      const le = String(upperBounds[index] ?? '+Inf')
      const exemplar = this.exemplars?.[index]
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count, ...(exemplar && { exemplar }) }
    })
    const total = (suffix: string, value: number) => ({ metricName: name + suffix, labels: { ...labels }, value })
    return [...buckets, total('_sum', this.sum), total('_count', count)]
  }

  private keep(bucket: number, seconds: number, { traceId, spanId }: Exemplar): void {
    this.exemplars ??= []
    const labelSet = { trace_id: traceId, span_id: spanId }
    this.exemplars[bucket] = { labelSet, value: seconds, timestamp: Date.now() / 1000 }
  }

  private add(other: HandlingSeconds): void {
    other.buckets.forEach((calls, bucket) => {
      this.buckets[bucket] = (this.buckets[bucket] as number) + calls
    })
    this.sum += other.sum
    other.exemplars?.forEach((exemplar, bucket) => {
      this.exemplars ??= []
      const kept = this.exemplars[bucket]
      if (exemplar && !(kept && kept.timestamp > exemplar.timestamp)) this.exemplars[bucket] = exemplar
    })
  }
}
