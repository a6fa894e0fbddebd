import type { Section } from '../build/board.ts'
import { matrix } from '../build/matrix.ts'
import { inNamespace, measures } from '../build/promql.ts'
import { stat } from '../build/stat.ts'
import { highIsBad, lowIsBad, plain } from '../build/thresholds.ts'
import { timeSeries } from '../build/time-series.ts'

const chosen = `${inNamespace}, envoy_cluster_name=~"$cluster"`
const perEndpoint = 'envoy_cluster_name, envoy_endpoint_address'
const rate = (metric: string, by = perEndpoint) => `sum by (${by}) (rate(${metric}{${chosen}}[$__rate_interval]))`
const spread = measures(rate('envoy_cluster_endpoint_rq_total'), 'envoy_cluster_name')
const cluster = '{{envoy_cluster_name}}'
const endpoint = '{{envoy_endpoint_address}}'

/** Envoy's own count per endpoint: needs `per_endpoint_stats`, and nothing of the service. */
export const envoy: Section = {
  title: 'Envoy, per endpoint',
  panels: [
    stat({
      title: "Jain's index over endpoints",
      description:
        'How evenly the proxies spread calls over the endpoints they know. 100 %: the same to each; 1/n: one gets all. Red below 80 %, yellow below 95 %. No data: Envoy keeps these statistics only where the cluster has track_cluster_stats.per_endpoint_stats, and Istio lets them out only where proxyStatsMatcher includes them.',
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      width: 8,
      noValue: 'no calls',
      steps: lowIsBad(0.8, 0.95),
      queries: [{ expr: spread.jain, legend: cluster }],
    }),
    stat({
      title: 'Endpoints called',
      description: 'Endpoints that the proxies sent calls to, in each cluster.',
      unit: 'none',
      width: 8,
      steps: plain,
      queries: [
        { expr: `count by (envoy_cluster_name) (${rate('envoy_cluster_endpoint_rq_total')} > 0)`, legend: cluster },
      ],
    }),
    stat({
      title: 'Failed calls',
      description:
        "Share of calls that ended as an error to Envoy: a code of the server's fault, a reset or a timeout. Yellow from 0.1 % on, red from 1 % on.",
      unit: 'percentunit',
      decimals: 2,
      width: 8,
      noValue: 'no calls',
      steps: highIsBad(0.001, 0.01),
      queries: [
        {
          expr: `${rate('envoy_cluster_endpoint_rq_error', 'envoy_cluster_name')} / (${rate('envoy_cluster_endpoint_rq_total', 'envoy_cluster_name')} > 0)`,
          legend: cluster,
        },
      ],
    }),
    timeSeries({
      title: 'Calls per second by endpoint',
      description:
        "Layers of the same thickness are even. This is the proxies' own count: with the Distribution dashboard it tells whether the proxy or something behind it is uneven.",
      unit: 'reqps',
      stacked: true,
      width: 12,
      height: 9,
      queries: [{ expr: rate('envoy_cluster_endpoint_rq_total', 'envoy_endpoint_address'), legend: endpoint }],
    }),
    matrix({
      title: 'Client × endpoint, calls per second',
      description:
        'A row per client pod, whose proxy balances; a column per endpoint. Rows with few cells: the proxy keeps to a subset (locality, subset, ring hash), or has just started.',
      unit: 'reqps',
      decimals: 1,
      width: 12,
      height: 9,
      row: 'pod',
      column: 'envoy_endpoint_address',
      query: { expr: rate('envoy_cluster_endpoint_rq_total', 'pod, envoy_endpoint_address') },
    }),
    timeSeries({
      title: 'Errors per second by endpoint',
      description:
        'One endpoint alone is a bad pod; outlier detection takes it out after consecutive errors, where it is on. All endpoints at once: the service, or what it depends on.',
      unit: 'reqps',
      width: 12,
      height: 8,
      queries: [{ expr: rate('envoy_cluster_endpoint_rq_error', 'envoy_endpoint_address'), legend: endpoint }],
    }),
    timeSeries({
      title: 'Connections by endpoint',
      description:
        'Open connections of all proxies to each endpoint. HTTP/2 needs about one per proxy and worker; many more than that are connections that do not carry several calls at a time.',
      unit: 'none',
      decimals: 0,
      width: 12,
      height: 8,
      queries: [
        {
          expr: `sum by (envoy_endpoint_address) (envoy_cluster_endpoint_cx_active{${chosen}})`,
          legend: endpoint,
        },
      ],
    }),
  ],
}
