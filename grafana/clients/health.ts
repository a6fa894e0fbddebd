import type { Section } from '../build/board.ts'
import { chosen } from '../build/promql.ts'
import { alert } from '../build/runbooks.ts'
import { timeSeries } from '../build/time-series.ts'

const quantile = (q: number): string =>
  `histogram_quantile(${q}, sum by (le) (rate(grpc_client_handling_seconds_bucket{${chosen}}[$__rate_interval])))`

/** How long calls take and how they end, whoever serves them. */
export const health: Section = {
  title: 'How do the calls end?',
  panels: [
    timeSeries({
      title: 'Duration of calls',
      description: `From the start of a call to its end, as the clients see it, streams included. A p99 far above p50 while the spread is uneven: the busiest pod queues. Even spread and a high p99: one pod is slow, see ${alert('GrpcLbSlowPod')}.`,
      unit: 's',
      width: 12,
      height: 8,
      queries: [0.5, 0.9, 0.99].map((q) => ({ expr: quantile(q), legend: `p${q * 100}` })),
    }),
    timeSeries({
      title: 'Calls per second by code',
      description: 'All calls of the chosen clients, by the code they ended with.',
      unit: 'reqps',
      stacked: true,
      width: 12,
      height: 8,
      queries: [
        {
          expr: `sum by (grpc_code) (rate(grpc_client_handled_total{${chosen}}[$__rate_interval])) > 0`,
          legend: '{{grpc_code}}',
        },
      ],
    }),
  ],
}
