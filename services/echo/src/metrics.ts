import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'
import type { Identity } from './identity.ts'
import { statusLabel } from './status.ts'
import { echoServiceName } from './wire.ts'

export type CallType = 'unary' | 'bidi_stream'

/** The methods of the Echo service and their go-grpc-middleware type. */
export const echoMethods = { Hello: 'unary', HelloStream: 'bidi_stream' } as const satisfies Record<string, CallType>
export type EchoMethod = keyof typeof echoMethods

/** One call as metrics see it: every function at most once per event, `handled` exactly once at the end. */
export interface ObservedCall {
  received(): void
  sent(): void
  /** @param code gRPC status code. */
  handled(code: number): void
}

/** Seconds; OpenTelemetry's rpc buckets with three finer ones below, where an echo lives. */
const handlingBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]

/**
 * go-grpc-middleware's metrics, names and labels exactly, so that existing dashboards and alerts work unchanged:
 * `grpc_server_*` or `grpc_client_*` `started_total`, `handled_total`, `msg_received_total`, `msg_sent_total`,
 * `handling_seconds`. Every method starts at 0: an idle pod must export zeros, or averages over pods lie.
 */
export function callMetrics(registry: Registry, side: 'server' | 'client'): (method: EchoMethod) => ObservedCall {
  const labelNames = ['grpc_type', 'grpc_service', 'grpc_method'] as const
  const counter = (name: string, help: string) =>
    new Counter({ name: `grpc_${side}_${name}`, help, labelNames, registers: [registry] })
  const started = counter('started_total', `Calls started on the ${side}.`)
  const received = counter('msg_received_total', `Messages received on the ${side}.`)
  const sent = counter('msg_sent_total', `Messages sent by the ${side}.`)
  const handled = new Counter({
    name: `grpc_${side}_handled_total`,
    help: `Calls completed on the ${side}, by status.`,
    labelNames: [...labelNames, 'grpc_code'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: `grpc_${side}_handling_seconds`,
    help: `Seconds from start to end of a call on the ${side}.`,
    labelNames,
    buckets: handlingBuckets,
    registers: [registry],
  })

  const perMethod = (method: EchoMethod) => {
    const labels = { grpc_type: echoMethods[method], grpc_service: echoServiceName, grpc_method: method }
    for (const metric of [started, received, sent]) metric.inc(labels, 0)
    handled.inc({ ...labels, grpc_code: 'OK' }, 0)
    seconds.zero(labels)
    const codeLabels = new Map<number, Record<string, string>>()
    const labelsOf = (code: number) => {
      const known = codeLabels.get(code) ?? { ...labels, grpc_code: statusLabel(code) }
      codeLabels.set(code, known)
      return known
    }
    return (): ObservedCall => {
      const start = performance.now()
      started.inc(labels)
      return {
        received: () => received.inc(labels),
        sent: () => sent.inc(labels),
        handled: (code) => {
          handled.inc(labelsOf(code))
          seconds.observe(labels, (performance.now() - start) / 1000)
        },
      }
    }
  }
  const methods = { Hello: perMethod('Hello'), HelloStream: perMethod('HelloStream') }
  return (method) => methods[method]()
}

/** `grpc_lb_server_info{pod,node,zone,version} 1`: joins a scrape target to the identity clients tally by. */
export function serverInfoMetric(registry: Registry, identity: Identity): void {
  const { pod, node, zone, version } = identity
  new Gauge({
    name: 'grpc_lb_server_info',
    help: 'Constant 1; labels say who this server tells its clients it is.',
    labelNames: ['pod', 'node', 'zone', 'version'],
    registers: [registry],
  }).set({ pod, node, zone, version }, 1)
}
