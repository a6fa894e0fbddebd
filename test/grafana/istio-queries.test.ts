import { expect, it } from 'vitest'
import { whyNoPromtool } from '../rules/promtool.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { askedBy, type Rows, type SeriesValues, wrongAnswers } from './answers.ts'
import { allTargets } from './dashboard-files.ts'
import { selectedMetrics } from './promql.ts'

// Istio's standard metrics come from an extension of its own Envoy, which the test cluster's Envoy does not have. So these
// series are written by hand, as Istio writes them: https://istio.io/latest/docs/reference/config/metrics/
const to = (service: string) => `destination_service_namespace="shop", destination_service_name="${service}"`
const called = (service: string, pod: string, more: string) =>
  `istio_requests_total{namespace="shop", pod="${pod}", ${to(service)}, request_protocol="grpc", ${more}}`

const series: SeriesValues = {
  // Two pods of orders, one of them with twice the calls, in two lines by status.
  [called('orders', 'orders-a', 'reporter="destination", grpc_response_status="0", response_flags="-"')]: '0+60x20',
  [called('orders', 'orders-b', 'reporter="destination", grpc_response_status="0", response_flags="-"')]: '0+90x20',
  [called('orders', 'orders-b', 'reporter="destination", grpc_response_status="14", response_flags="-"')]: '0+30x20',
  // The same calls as the client's proxy tells them, and some that it could not send.
  [called('orders', 'web', 'reporter="source", grpc_response_status="0", response_flags="-"')]: '0+150x20',
  [called('orders', 'web', 'reporter="source", grpc_response_status="14", response_flags="UO"')]: '0+60x20',
  // A service that is called in plain HTTP, one that another namespace has, and one that is taken for TCP.
  [`istio_requests_total{pod="shelf-a", ${to('shelf')}, request_protocol="http", reporter="destination"}`]: '0+60x20',
  [called('orders', 'far', 'reporter="destination"').replaceAll('"shop"', '"far"')]: '0+60x20',
  [`istio_tcp_sent_bytes_total{pod="web", ${to('pinned')}, reporter="source"}`]: '0+6000x20',
  [`istio_tcp_sent_bytes_total{pod="pinned-a", ${to('pinned')}, reporter="destination"}`]: '0+6000x20',
}

const answers: Readonly<Record<string, Rows>> = {
  'Calls per second by pod A': { '{pod="orders-a"}': 1, '{pod="orders-b"}': 2 },
  'Calls per second by gRPC status A': {
    '{grpc_response_status="0", response_flags="-"}': 2.5,
    '{grpc_response_status="14", response_flags="UO"}': 1,
  },
  'TCP or HTTP/2? A': { [`{${to('orders')}}`]: 3.5, [`{${to('pinned')}}`]: 0 },
  'TCP or HTTP/2? B': { [`{${to('pinned')}}`]: 100 },
}

const choices = { namespace: 'shop', service: '.*' }

whereThereIs("the dashboards' queries of Istio's metrics", whyNoPromtool, () => {
  it.each(Object.entries(answers))('%s finds the right rows', async (title, rows) => {
    expect(await wrongAnswers(series, askedBy(`Evenly / Mesh: ${title}`), rows, choices)).toBe('')
  })

  it('are all here', () => {
    const asking = allTargets.filter(({ target }) =>
      selectedMetrics(target.expr).some(({ metric }) => metric.startsWith('istio_')),
    )
    expect(asking.map(({ where }) => where)).toEqual(Object.keys(answers).map((title) => `Evenly / Mesh: ${title}`))
  })

  it('would be found wrong', async () => {
    const [[title, rows]] = Object.entries(answers) as [[string, Rows]]
    const expr = askedBy(`Evenly / Mesh: ${title}`)
    expect(await wrongAnswers(series, expr.replace('destination"', 'source"'), rows, choices)).toContain('FAILED')
    expect(await wrongAnswers(series, expr, { ...rows, '{pod="orders-c"}': 0 }, choices)).toContain('FAILED')
  })
})
