import type { Registry } from '@prometheus-io/client'
import { statusName } from '../../status.ts'
import { histogram } from '../collected.ts'
import type { MethodCalls } from '../method-calls.ts'

/** OpenTelemetry's `rpc.server.call.duration` or `rpc.client.call.duration`, stable since semantic conventions 1.45. */
export function exposeOtel(registry: Registry, side: 'server' | 'client', methods: readonly MethodCalls[]): void {
  const help = `Seconds from start to end of a call on the ${side}, by status.`
  histogram(registry, { name: `rpc_${side}_call_duration_seconds`, help }, () =>
    methods.flatMap(({ fullName, handled }) =>
      [...handled].map(([code, seconds]) => {
        const labels = { rpc_system_name: 'grpc', rpc_method: fullName, rpc_status_code: statusName(code) }
        return [labels, seconds] as const
      }),
    ),
  )
}
