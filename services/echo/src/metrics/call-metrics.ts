import { Gauge, type Registry } from '@prometheus-io/client'
import type { Identity } from '../identity.ts'
import { echoServiceName, healthServiceName } from '../wire.ts'
import { fullNameOf, MethodCalls, type MethodName, type ObservedCall } from './method-calls.ts'
import { exposeA66 } from './names/a66.ts'
import { exposeClassic } from './names/classic.ts'
import type { MetricNaming } from './names/naming.ts'
import { exposeOtel } from './names/otel.ts'

export type { ObservedCall } from './method-calls.ts'

/** The methods that are called and counted. */
const methods = {
  Hello: { service: echoServiceName, method: 'Hello', type: 'unary' },
  HelloStream: { service: echoServiceName, method: 'HelloStream', type: 'bidi_stream' },
  Check: { service: healthServiceName, method: 'Check', type: 'unary' },
} as const satisfies Record<string, MethodName>
export type CountedMethod = keyof typeof methods
export type EchoMethod = Exclude<CountedMethod, 'Check'>

/** The method as gRPC writes it, such as `grpc.health.v1.Health/Check`. */
export function fullMethodName(method: CountedMethod): string {
  return fullNameOf(methods[method])
}

/** What is exported of the calls, and under which names. */
export interface CallMetricsOptions {
  /** A 0 of a method that is never called would make averages lie: by default the two that a server serves. */
  readonly methods?: readonly CountedMethod[]
  /** Default: classic. */
  readonly names?: readonly MetricNaming[]
  /** What a client dials. */
  readonly target?: string
}

/**
 * Counts the calls of one side. Every method starts at 0: an idle pod must export zeros, or averages over pods lie.
 * @returns notes that a call of the method starts.
 */
export function callMetrics(
  registry: Registry,
  side: 'server' | 'client',
  { methods: exported = ['Hello', 'HelloStream'], names = ['classic'], target = '' }: CallMetricsOptions = {},
): (method: CountedMethod) => ObservedCall {
  const calls = {
    Hello: new MethodCalls(methods.Hello),
    HelloStream: new MethodCalls(methods.HelloStream),
    Check: new MethodCalls(methods.Check),
  } satisfies Record<CountedMethod, MethodCalls>
  const all = exported.map((method) => calls[method])
  if (names.includes('classic')) exposeClassic(registry, side, all)
  if (names.includes('otel')) exposeOtel(registry, side, all)
  if (names.includes('a66')) exposeA66(registry, side, all, target)
  return (method) => calls[method].start()
}

/** The one method that a client calls. */
export function calledMethod({ method, stream }: { method: 'Hello' | 'Health'; stream: boolean }): CountedMethod {
  if (method === 'Health') return 'Check'
  return stream ? 'HelloStream' : 'Hello'
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
