import { barGauge } from '../build/bar-gauge.ts'
import type { Section } from '../build/board.ts'
import { matrix } from '../build/matrix.ts'
import { chosen, podCalls, spread } from '../build/promql.ts'
import { alert } from '../build/runbooks.ts'
import { timeSeries } from '../build/time-series.ts'

const pod = '{{pod}}'

/** Calls from clients anywhere to the chosen pods, which name themselves to their clients. */
const clientToPod = `sum by (pod, peer) (rate(grpc_lb_client_peer_started_total[$__rate_interval])) * on (peer) group_left () (group by (peer) (label_replace(grpc_lb_server_info{${chosen}}, "peer", "$1", "pod", "(.+)")))`

/** The shares themselves: of pods, over time, and of clients among pods. */
export const whoServes: Section = {
  title: 'Who serves?',
  panels: [
    barGauge({
      title: 'Share of the calls per pod',
      description:
        'Bars of the same length are even. A pod with 0 % is there, ready and never called. Behind a ClusterIP without a mesh one bar is full: a gRPC client keeps one connection, and the connection was balanced, not the calls.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      width: 10,
      height: 9,
      steps: [[null, 'blue']],
      queries: [{ expr: spread.share, legend: pod }],
    }),
    timeSeries({
      title: 'Calls per second by pod',
      description:
        'Layers of the same thickness are even; the top is the whole service. After a scale-out a new layer has to appear within a minute: if it stays missing, clients do not look for new pods.',
      unit: 'reqps',
      stacked: true,
      width: 14,
      height: 9,
      queries: [{ expr: podCalls, legend: pod }],
    }),
    timeSeries({
      title: "Jain's index over time",
      description: `When did it become uneven? Below the dashed line at 80 % the alert ${alert('GrpcLbSkewed')} begins. Dips of a minute at a rollout are usual: pods come and go.`,
      unit: 'percentunit',
      max: 1,
      width: 12,
      height: 8,
      steps: [
        [null, 'red'],
        [0.8, 'green'],
      ],
      queries: [{ expr: spread.jain, legend: '{{service}}' }],
    }),
    matrix({
      title: 'Client × server, calls per second',
      description:
        'A row per client pod, a column per server pod that served it. Rows filled across: each client spreads its calls. One cell per row: every client is pinned, and the columns look even only while there are many clients. Peers are named by the servers themselves, so proxies in between do not matter.',
      unit: 'reqps',
      decimals: 1,
      width: 12,
      height: 8,
      row: 'pod',
      column: 'peer',
      query: { expr: clientToPod },
    }),
  ],
}
