import { barGauge } from '../build/bar-gauge.ts'
import type { Section } from '../build/board.ts'
import { matrix } from '../build/matrix.ts'
import { chosen, measures } from '../build/promql.ts'
import { alert } from '../build/runbooks.ts'
import { timeSeries } from '../build/time-series.ts'

const perPeer = `sum by (grpc_target, peer) (rate(grpc_lb_client_peer_started_total{${chosen}}[$__rate_interval]))`
const peer = '{{peer}}'

/** Whom the clients call, and what comes of it there. */
export const peers: Section = {
  title: 'Whom do they call?',
  panels: [
    barGauge({
      title: 'Share of the calls per peer',
      description:
        'As the clients see it, per target. A peer is the pod that served, as it names itself; none: no pod answered. A pod that no client knows is not here at all: look for it on the Distribution dashboard.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      width: 8,
      height: 9,
      steps: [[null, 'blue']],
      queries: [{ expr: measures(perPeer, 'grpc_target').share, legend: peer }],
    }),
    timeSeries({
      title: 'Calls per second by peer',
      description:
        'Layers of the same thickness are even. A layer that ends is a pod that went, or one that was ejected.',
      unit: 'reqps',
      stacked: true,
      width: 8,
      height: 9,
      queries: [
        { expr: `sum by (peer) (rate(grpc_lb_client_peer_started_total{${chosen}}[$__rate_interval]))`, legend: peer },
      ],
    }),
    timeSeries({
      title: 'Calls in flight by peer',
      description:
        'Calls that were started and have not ended. A pod that is slow, or hangs, piles them up while its rate falls; least-request policies keep this level instead of the rate.',
      unit: 'none',
      decimals: 0,
      stacked: true,
      width: 8,
      height: 9,
      queries: [{ expr: `sum by (peer) (grpc_lb_client_peer_in_flight{${chosen}})`, legend: peer }],
    }),
    matrix({
      title: 'Peer × code, calls per second',
      description:
        'How calls end, by the pod that served them. One row with other codes than OK is a bad pod; a column in all rows is the service or its callers. Unavailable under the peer none: no connection could be made.',
      unit: 'reqps',
      decimals: 2,
      width: 12,
      height: 8,
      row: 'peer',
      column: 'grpc_code',
      query: {
        expr: `sum by (peer, grpc_code) (rate(grpc_lb_client_peer_handled_total{${chosen}}[$__rate_interval]))`,
      },
    }),
    timeSeries({
      title: 'Failed calls per second by peer and code',
      description: `Nothing here is good. One peer alone: that pod is bad, and outlier detection would take it out. All peers at once: look at what they have in common. The alert is ${alert('GrpcLbErrorBudgetBurn')}.`,
      unit: 'reqps',
      width: 12,
      height: 8,
      noValue: 'no calls',
      queries: [
        {
          // A peer has a series of each code that it once ended with, and of OK from its first call on.
          expr: `sum by (peer, grpc_code) (rate(grpc_lb_client_peer_handled_total{${chosen}, grpc_code!="OK"}[$__rate_interval])) or 0 * sum by (peer) (rate(grpc_lb_client_peer_handled_total{${chosen}, grpc_code="OK"}[$__rate_interval]))`,
          legend: '{{peer}} {{grpc_code}}',
        },
      ],
    }),
  ],
}
