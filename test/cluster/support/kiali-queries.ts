/** A chart of a custom dashboard, as far as Kiali makes queries of it. */
export interface Chart {
  readonly name: string
  readonly dataType: 'raw' | 'rate' | 'histogram'
  readonly aggregator?: string
  readonly metrics: readonly { readonly metricName: string }[]
  readonly groupLabels?: readonly string[]
}

/** What Kiali filters by: labels of Kubernetes, sanitised as Prometheus' own discovery does. */
export type Filters = Readonly<Record<string, string>>

/** Pairs of labels that Kiali takes for application and version, when its settings name none: the first that a pod has. */
const labelPairs = [
  ['service.istio.io/canonical-name', 'service.istio.io/canonical-revision'],
  ['app.kubernetes.io/name', 'app.kubernetes.io/version'],
  ['app', 'version'],
] as const

/**
 * What the page of a workload, or of its whole application, filters by. Kiali knows a workload's labels from its pod template.
 * Source: models/workload.go (parseObjectMeta) and frontend/src/components/Metrics/CustomMetrics.tsx (initOptions) of
 * github.com/kiali/kiali.
 */
export function filtersOf(templateLabels: Filters, page: 'application' | 'workload'): Filters {
  const [app, version] = labelPairs.find(([name]) => name in templateLabels) ?? labelPairs[1]
  const ofVersion = page === 'workload' && version in templateLabels
  return { [app]: templateLabels[app] ?? '', ...(ofVersion && { [version]: templateLabels[version] ?? '' }) }
}

/**
 * Kiali's queries for a chart, by what they are of: `value`, or of a histogram `avg` and each quantile.
 * Source: business/dashboards.go (GetDashboard, buildLabelsQueryString), prometheus/client.go (FetchRange) and
 * prometheus/metrics.go (fetchRateRange, buildHistogramQueries, roundSignificant) of github.com/kiali/kiali.
 *
 * @param byLabels what its user groups by besides
 */
export function kialiQueries(
  { dataType, aggregator = 'sum', metrics: [metric], groupLabels = [] }: Chart,
  namespace: string,
  filters: Filters,
  byLabels: readonly string[] = [],
): Record<string, string> {
  const name = metric?.metricName ?? ''
  const sanitised = Object.entries(filters).map(([label, value]) => `,${label.replaceAll(/\W/g, '_')}="${value}"`)
  const labels = `{namespace="${namespace}"${sanitised.join('')}}`
  const grouping = [...groupLabels, ...byLabels].join(',')
  const by = grouping === '' ? '' : ` by (${grouping})`
  const rate = (suffix: string) => `sum(rate(${name}${suffix}${labels}[${rateInterval}]))`
  if (dataType === 'raw') return { value: `${aggregator}(${name}${labels})${by}` }
  if (dataType === 'rate') return { value: rounded(`${rate('')}${by}`) }
  const buckets = `${rate('_bucket')} by (le${grouping === '' ? '' : `,${grouping}`})`
  const quantiles = ['0.5', '0.95', '0.99'].map((q) => [q, rounded(`histogram_quantile(${q}, ${buckets})`)])
  return { avg: rounded(`${rate('_sum')}${by} / ${rate('_count')}${by}`), ...Object.fromEntries(quantiles) }
}

/** Kiali's default. */
const rateInterval = '1m'

const rounded = (query: string): string => `round(${query}, 0.001000) > 0.001000 or ${query}`
