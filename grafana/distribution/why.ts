import type { Section } from '../build/board.ts'
import { chosen, podCalls, serviceCalls } from '../build/promql.ts'
import { alert } from '../build/runbooks.ts'
import { table } from '../build/table.ts'
import { timeSeries } from '../build/time-series.ts'

const pod = '{{pod}}'

const connectionAgeAtClose = `histogram_quantile(0.9, sum by (le, service) (rate(grpc_lb_server_connection_age_seconds_bucket{${chosen}}[$__rate_interval])))`

/** What calls depend on: which pods there are, and the connections to them. */
export const why: Section = {
  title: 'Why?',
  panels: [
    table({
      title: 'Pods, the least served first',
      description:
        'Idle pods are on top, in red. A pod without connections is unknown to the clients (headless name, DNS, subset or zone); one with connections and no calls is known and not picked (weights, locality, outlier detection).',
      unit: 'none',
      width: 24,
      height: 8,
      labels: {
        pod: 'Pod',
        service: 'Service',
        namespace: 'Namespace',
        zone: 'Zone',
        node: 'Node',
        version: 'Version',
      },
      sortBy: 'Calls per second',
      columns: [
        {
          query: { expr: podCalls },
          name: 'Calls per second',
          unit: 'reqps',
          decimals: 2,
          steps: [
            [null, 'red'],
            [0.001, 'text'],
          ],
        },
        {
          query: { expr: `max by (namespace, service, pod) (grpc_lb_server_connections{${chosen}})` },
          name: 'Connections',
        },
        {
          query: { expr: `max by (namespace, service, pod) (grpc_lb_server_oldest_connection_age_seconds{${chosen}})` },
          name: 'Oldest connection',
          unit: 's',
        },
        { query: { expr: `group by (namespace, service, pod, node, zone, version) (grpc_lb_server_info{${chosen}})` } },
      ],
    }),
    timeSeries({
      title: 'Open connections by pod',
      description:
        "Calls go where connections are. A pod without any cannot be called; with a mesh these are the connections of the pod's own proxy, and one is enough.",
      unit: 'none',
      decimals: 0,
      width: 8,
      height: 8,
      queries: [{ expr: `sum by (pod) (grpc_lb_server_connections{${chosen}})`, legend: pod }],
    }),
    timeSeries({
      title: 'New connections per second by pod',
      description: `Near 0 in a calm service: connections live long, and so does an uneven spread. A maximum connection age shows as a steady trickle, which is what lets new pods in. A high rate is flapping: see the alert ${alert('GrpcLbConnectionsFlap')}.`,
      unit: 'cps',
      width: 8,
      height: 8,
      queries: [
        {
          expr: `sum by (pod) (rate(grpc_lb_server_connections_accepted_total{${chosen}}[$__rate_interval]))`,
          legend: pod,
        },
      ],
    }),
    timeSeries({
      title: 'Age of connections',
      description:
        'The oldest open connection of each pod, the 90th percentile of the age at which connections are closed, and the maximum that the servers were told (0: none). Lines that only rise are connections that nothing ends: a client that holds one never learns of new pods.',
      unit: 's',
      width: 8,
      height: 8,
      queries: [
        { expr: `max by (pod) (grpc_lb_server_oldest_connection_age_seconds{${chosen}})`, legend: pod },
        { expr: connectionAgeAtClose, legend: 'at close, p90 {{service}}' },
        {
          expr: `max by (service) (grpc_lb_server_max_connection_age_seconds{${chosen}})`,
          legend: 'maximum {{service}}',
        },
      ],
    }),
    timeSeries({
      title: 'Calls per second',
      description: 'The whole service. The scores above say little where this is small.',
      unit: 'reqps',
      width: 24,
      height: 6,
      queries: [{ expr: serviceCalls, legend: '{{service}}' }],
    }),
  ],
}
