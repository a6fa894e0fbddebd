import type { Section } from '../build/board.ts'
import { alert } from '../build/runbooks.ts'
import { table } from '../build/table.ts'
import { timeSeries } from '../build/time-series.ts'

const toService = 'destination_service_namespace=~"$namespace", destination_service_name=~"$service"'
const perService = 'destination_service_namespace, destination_service_name'
const rate = (by: string, metric: string, more: string) =>
  `sum by (${by}) (rate(${metric}{${toService}, ${more}}[$__rate_interval]))`

/** Istio's standard metrics: of any service in the mesh, ours or not. */
export const istio: Section = {
  title: 'Istio, per pod',
  panels: [
    timeSeries({
      title: 'Calls per second by pod',
      description:
        "istio_requests_total as the servers' proxies report it; the pod is the one that was scraped. An idle pod has no series at all here: compare with the Distribution dashboard, where it is 0. Nothing at all while there is traffic: it is treated as TCP, or ambient without a waypoint.",
      unit: 'reqps',
      stacked: true,
      width: 12,
      height: 8,
      queries: [
        {
          expr: rate('pod', 'istio_requests_total', 'reporter="destination", request_protocol="grpc"'),
          legend: '{{pod}}',
        },
      ],
    }),
    timeSeries({
      title: 'Calls per second by gRPC status',
      description:
        "As the clients' proxies report it. Istio writes the status as a number: 0 OK, 4 DeadlineExceeded, 14 Unavailable. Flags such as UO (a circuit breaker is full) or UF (no connection) say what the proxy did.",
      unit: 'reqps',
      width: 12,
      height: 8,
      queries: [
        {
          expr: rate('grpc_response_status, response_flags', 'istio_requests_total', 'reporter="source"'),
          legend: '{{grpc_response_status}} {{response_flags}}',
        },
      ],
    }),
    table({
      title: 'TCP or HTTP/2?',
      description: `Bytes and no calls, in red: Istio treats the service as TCP, balances connections instead of calls and pins every client. Name the port grpc or grpc-…, or set appProtocol to grpc; in ambient mode add a waypoint. The alert is ${alert('GrpcLbTreatedAsTcp')}.`,
      unit: 'none',
      width: 24,
      height: 7,
      labels: { destination_service_name: 'Service', destination_service_namespace: 'Namespace' },
      sortBy: 'Calls per second',
      columns: [
        {
          query: {
            expr: `${rate(perService, 'istio_requests_total', 'reporter=~"source|waypoint"')} or 0 * ${rate(perService, 'istio_tcp_sent_bytes_total', 'reporter=~"source|waypoint"')}`,
          },
          name: 'Calls per second',
          unit: 'reqps',
          decimals: 2,
          steps: [
            [null, 'red'],
            [0.001, 'green'],
          ],
        },
        {
          query: { expr: rate(perService, 'istio_tcp_sent_bytes_total', 'reporter=~"source|waypoint"') },
          name: 'TCP bytes per second',
          unit: 'Bps',
        },
      ],
    }),
  ],
}
