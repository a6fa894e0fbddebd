import { barGauge } from '../build/bar-gauge.ts'
import type { Section } from '../build/board.ts'
import { chosen, measures, podCalls } from '../build/promql.ts'
import { timeSeries } from '../build/time-series.ts'

const zoneOfPod = `max by (namespace, service, pod, zone) (grpc_lb_server_info{${chosen}})`
const perZone = `sum by (namespace, service, zone) (${podCalls} * on (namespace, service, pod) group_left (zone) ${zoneOfPod})`

/** Where the calls end up: locality-aware balancing shows here, and so does what crosses zones. */
export const zones: Section = {
  title: 'Zones',
  panels: [
    barGauge({
      title: 'Share of the calls per zone',
      description:
        'Without locality-aware balancing a zone gets as much as it has pods of all. With it, clients keep to their own zone: a zone with many clients and few pods is then overloaded, which shows as a share far above that of its pods beside it.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      width: 8,
      height: 8,
      steps: [[null, 'blue']],
      queries: [{ expr: measures(perZone, 'namespace, service').share, legend: '{{service}} {{zone}}' }],
    }),
    barGauge({
      title: 'Share of the pods per zone',
      description: 'What an even spread over pods would give each zone.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      width: 8,
      height: 8,
      steps: [[null, 'text']],
      queries: [
        {
          expr: measures(`count by (namespace, service, zone) (${zoneOfPod})`, 'namespace, service').share,
          legend: '{{service}} {{zone}}',
        },
      ],
    }),
    timeSeries({
      title: 'Calls per second by zone',
      description: 'A zone that takes over while another has trouble is failover at work; it should go back by itself.',
      unit: 'reqps',
      stacked: true,
      width: 8,
      height: 8,
      queries: [{ expr: perZone, legend: '{{service}} {{zone}}' }],
    }),
  ],
}
