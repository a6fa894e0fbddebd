import type { Registry } from '@prometheus-io/client'
import { statusCodes, statusLabel } from '../../status.ts'
import { counter, histogram, type Labels, type Sample } from '../collected.ts'
import { HandlingSeconds } from '../handling-seconds.ts'
import type { MethodCalls } from '../method-calls.ts'

const labelNames = ['grpc_type', 'grpc_service', 'grpc_method']

/**
 * go-grpc-middleware's metrics, names and labels exactly, so that existing dashboards and alerts work unchanged:
 * `grpc_server_*` or `grpc_client_*` `started_total`, `handled_total`, `msg_received_total`, `msg_sent_total`,
 * `handling_seconds`. As its InitializeMetrics does, every status of every method is there from the start.
 */
export function exposeClassic(registry: Registry, side: 'server' | 'client', methods: readonly MethodCalls[]): void {
  const count = (name: string, help: string, value: (calls: MethodCalls) => number) =>
    counter(registry, { name: `grpc_${side}_${name}_total`, help, labelNames }, () =>
      methods.map((calls): Sample => [labelsOf(calls), value(calls)]),
    )
  count('started', `Calls started on the ${side}.`, ({ started }) => started)
  count('msg_received', `Messages received on the ${side}.`, ({ received }) => received)
  count('msg_sent', `Messages sent by the ${side}.`, ({ sent }) => sent)
  const handled = { name: `grpc_${side}_handled_total`, help: `Calls completed on the ${side}, by status.` }
  counter(registry, { ...handled, labelNames: [...labelNames, 'grpc_code'] }, () => methods.flatMap(handledOf))
  const help = `Seconds from start to end of a call on the ${side}.`
  histogram(registry, { name: `grpc_${side}_handling_seconds`, help }, () =>
    methods.map((calls) => [labelsOf(calls), HandlingSeconds.sum(calls.handled.values())]),
  )
}

function handledOf(calls: MethodCalls): Sample[] {
  const codes = new Set([...statusCodes, ...calls.handled.keys()])
  return [...codes].map((code) => [
    { ...labelsOf(calls), grpc_code: statusLabel(code) },
    calls.handled.get(code)?.count() ?? 0,
  ])
}

function labelsOf({ name: { type, service, method } }: MethodCalls): Labels {
  return { grpc_type: type, grpc_service: service, grpc_method: method }
}
