import type { Registry } from '@prometheus-io/client'
import type { Subchannel } from '../../connection.ts'
import { statusName } from '../../status.ts'
import { counter, gauge, histogram, type Sample } from '../collected.ts'
import type { MethodCalls } from '../method-calls.ts'

/**
 * gRPC's own names (proposal A66). Attempts and message sizes are not there: grpc-js tells nobody of the attempts behind a
 * call, nor of the bytes that a message took on the wire.
 * @param target what a client dials.
 */
export function exposeA66(
  registry: Registry,
  side: 'server' | 'client',
  methods: readonly MethodCalls[],
  target: string,
): void {
  const common = side === 'client' ? { grpc_target: canonical(target) } : {}
  if (side === 'server') {
    const about = { name: 'grpc_server_call_started_total', help: 'Calls started.', labelNames: ['grpc_method'] }
    counter(registry, about, () => methods.map(({ fullName, started }): Sample => [{ grpc_method: fullName }, started]))
  }
  const help = `Seconds from start to end of a call on the ${side}, by status.`
  histogram(registry, { name: `grpc_${side}_call_duration_seconds`, help }, () =>
    methods.flatMap(({ fullName, handled }) =>
      [...handled].map(([code, seconds]) => {
        return [{ grpc_method: fullName, ...common, grpc_status: statusName(code) }, seconds] as const
      }),
    ),
  )
}

/**
 * The one of the subchannel metrics (proposal A94) that can be exact here. The other three count events, and grpc-js keeps
 * only the last of those, and none of a subchannel that is gone.
 */
export function exposeSubchannels(registry: Registry, target: string, subchannels: () => readonly Subchannel[]): void {
  const about = {
    name: 'grpc_subchannel_open_connections',
    help: 'Connections that are open.',
    labelNames: ['grpc_target'],
  }
  gauge(registry, about, () => [
    [{ grpc_target: canonical(target) }, subchannels().filter(({ state }) => state === 'READY').length],
  ])
}

/** A66 wants `dns:///name:port` where people write `name:port`; other schemes stand as they are. */
function canonical(target: string): string {
  if (/^(?!dns:)[a-z][\w+.-]*:(?!\d+$)/i.test(target)) return target
  return target.startsWith('dns://') ? target : `dns:///${target.replace(/^dns:/, '')}`
}
