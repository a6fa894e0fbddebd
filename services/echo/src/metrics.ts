import { Counter, Gauge, type Registry } from '@prometheus-io/client'
import { HandlingSeconds, registerHandlingSeconds } from './handling-seconds.ts'
import type { Identity } from './identity.ts'
import { statusCodes, statusLabel } from './status.ts'
import { echoServiceName, healthServiceName } from './wire.ts'

export type CallType = 'unary' | 'bidi_stream'

/** The methods that are called and counted, with their go-grpc-middleware type. */
const methods = {
  Hello: { service: echoServiceName, type: 'unary' },
  HelloStream: { service: echoServiceName, type: 'bidi_stream' },
  Check: { service: healthServiceName, type: 'unary' },
} as const satisfies Record<string, { service: string; type: CallType }>
export type CountedMethod = keyof typeof methods
export type EchoMethod = Exclude<CountedMethod, 'Check'>

/** The methods that a client may call, by what its user calls them. */
export const methodsOf = {
  Hello: ['Hello', 'HelloStream'],
  Health: ['Check'],
} as const satisfies Record<string, readonly CountedMethod[]>

/** One call as metrics see it: every function at most once per event, `handled` exactly once at the end. */
export interface ObservedCall {
  received(): void
  sent(): void
  /** @param code gRPC status code. */
  handled(code: number): void
}

/**
 * go-grpc-middleware's metrics, names and labels exactly, so that existing dashboards and alerts work unchanged:
 * `grpc_server_*` or `grpc_client_*` `started_total`, `handled_total`, `msg_received_total`, `msg_sent_total`,
 * `handling_seconds`. Every method starts at 0: an idle pod must export zeros, or averages over pods lie.
 * @param exported the methods to export: a 0 of one that is never called would make averages lie as well.
 */
export function callMetrics(
  registry: Registry,
  side: 'server' | 'client',
  exported: readonly CountedMethod[] = methodsOf.Hello,
): (method: CountedMethod) => ObservedCall {
  const calls = {
    Hello: new MethodCalls('Hello'),
    HelloStream: new MethodCalls('HelloStream'),
    Check: new MethodCalls('Check'),
  } satisfies Record<CountedMethod, MethodCalls>
  const all = exported.map((method) => calls[method])
  const help = `Seconds from start to end of a call on the ${side}.`
  const seconds = all.map((method) => method.seconds)
  registerHandlingSeconds(registry, `grpc_${side}_handling_seconds`, help, seconds)
  counter(registry, `grpc_${side}_started_total`, `Calls started on the ${side}.`, labelNames, () =>
    all.map(({ labels, started }) => [labels, started]),
  )
  counter(registry, `grpc_${side}_msg_received_total`, `Messages received on the ${side}.`, labelNames, () =>
    all.map(({ labels, received }) => [labels, received]),
  )
  counter(registry, `grpc_${side}_msg_sent_total`, `Messages sent by the ${side}.`, labelNames, () =>
    all.map(({ labels, sent }) => [labels, sent]),
  )
  counter(registry, `grpc_${side}_handled_total`, `Calls completed on the ${side}.`, [...labelNames, 'grpc_code'], () =>
    all.flatMap(({ labels, handled }) =>
      [...handled].map(([code, calls]): Sample => [{ ...labels, grpc_code: statusLabel(code) }, calls]),
    ),
  )
  return (method) => new OneCall(calls[method])
}

const labelNames = ['grpc_type', 'grpc_service', 'grpc_method']
export type Sample = [labels: Record<string, string>, value: number]

/** A counter whose values are kept elsewhere, as plain numbers, and read when scraped: counting costs next to nothing. */
export function counter(
  registry: Registry,
  name: string,
  help: string,
  labels: string[],
  samples: () => Sample[],
): void {
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset()
      for (const [sampleLabels, value] of samples()) this.inc(sampleLabels, value)
    },
  })
}

class MethodCalls {
  readonly labels: Record<string, string>
  readonly seconds: HandlingSeconds
  readonly handled = new Map(statusCodes.map((code) => [code, 0]))
  started = 0
  received = 0
  sent = 0

  constructor(method: CountedMethod) {
    const { service, type } = methods[method]
    this.labels = { grpc_type: type, grpc_service: service, grpc_method: method }
    this.seconds = new HandlingSeconds(this.labels)
  }
}

class OneCall implements ObservedCall {
  private readonly method: MethodCalls
  private readonly start = performance.now()

  constructor(method: MethodCalls) {
    this.method = method
    method.started++
  }

  received(): void {
    this.method.received++
  }

  sent(): void {
    this.method.sent++
  }

  handled(code: number): void {
    const { handled, seconds } = this.method
    handled.set(code, (handled.get(code) ?? 0) + 1)
    seconds.observe((performance.now() - this.start) / 1000)
  }
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
