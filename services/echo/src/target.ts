import { usageError } from '../../../scripts/lib/exit.ts'

const schemes = ['dns', 'ipv4', 'ipv6', 'unix']

/**
 * Refuses targets that grpc-js would take and then dial something else: no port (it means 443 there), an unknown scheme
 * (it becomes a host name), a DNS server in the target without the resolver that reads it.
 */
export function checkTarget(target: string): void {
  if (target.trim() === '') throw usageError('-h is empty: give HOST:PORT, such as localhost:8080.')
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+$)/.exec(target)?.[1]
  if (scheme !== undefined && !schemes.includes(scheme)) {
    throw usageError(`-h ${target}: unknown scheme ${scheme}: use one of ${schemes.join(', ')}, or plain HOST:PORT.`)
  }
  if (scheme === 'unix') return
  if (!/:\d{1,5}$/.test(target)) throw usageError(`-h ${target}: the port is missing: write ${target}:8080, say.`)
  const dnsServer = /^dns:\/\/([^/]+)\//.exec(target)?.[1]
  if (dnsServer && process.env.GRPC_NODE_USE_ALTERNATIVE_RESOLVER !== 'true') {
    throw usageError(
      `-h ${target}: grpc-js asks the DNS server ${dnsServer} only with GRPC_NODE_USE_ALTERNATIVE_RESOLVER=true set.`,
    )
  }
}
