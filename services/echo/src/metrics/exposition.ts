import {
  type Metric,
  type MetricObject,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from '@prometheus-io/client'

/** What /metrics answers. */
export interface Exposition {
  readonly contentType: string
  readonly text: string
}

/**
 * All metrics in the format that the scraper asks for: OpenMetrics 1.0, which has exemplars, or else the classic text.
 * @param accept the request's header.
 */
export async function expose(registry: Registry, accept = ''): Promise<Exposition> {
  const chosen = prefersOpenMetrics(accept) ? openMetricsOf(registry) : registry
  return { contentType: chosen.contentType, text: await chosen.metrics() }
}

/**
 * The same metrics for the other format. The library takes the `_total` from a counter's name there and leaves it so, and
 * puts it back where a sample is printed: so it is given stand-ins.
 */
function openMetricsOf(registry: Registry): Registry {
  const other = new Registry(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of registry.getMetricsAsArray() as Readable[]) {
    const { name, help, type } = metric
    const get = async () => ({ ...(await metric.get()), name: type === 'counter' ? name.replace(/_total$/, '') : name })
    other.registerMetric({ name, help, type, get } as unknown as Metric<string>)
  }
  return other
}

/** A metric as the registry holds it; the library's types leave out how it is read. */
type Readable = MetricObject & { get(): Promise<MetricObjectWithValues<MetricValue<string>>> }

/** Whether the header ranks OpenMetrics 1.0 first, by its quality values. */
function prefersOpenMetrics(accept: string): boolean {
  let best = 0
  let bestText = 0
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const value = (name: string) => parameters.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1)
    const quality = Number(value('q') ?? 1)
    if (type === 'text/plain') bestText = Math.max(bestText, quality)
    if (type === 'application/openmetrics-text' && /^1\.0\.0$/.test(value('version') ?? '1.0.0')) {
      best = Math.max(best, quality)
    }
  }
  return best > 0 && best >= bestText
}
