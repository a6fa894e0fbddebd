import { isIPv4, isIPv6 } from 'node:net'
import { usageError } from '../../../scripts/lib/exit.ts'
import { parseServiceTarget } from './balancing/endpoint-slices/service-target.ts'

const schemes = ['dns', 'ipv4', 'ipv6', 'unix', 'k8s', 'xds']

/**
 * Refuses targets that grpc-js would take and then dial something else: no port (it means 443 there), an unknown scheme
 * (it becomes a host name), a DNS server in the target without the resolver that reads it.
 */
export function checkTarget(target: string): void {
  if (target.trim() === '') throw usageError('-h is empty: give HOST:PORT, such as localhost:8080.')
  const [, scheme = 'dns', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):(?!\d+$))?(.*)$/s.exec(target) ?? []
  const problem = schemes.includes(scheme)
    ? whyRefused(scheme, rest)
    : `unknown scheme ${scheme}: use one of ${schemes.join(', ')}, or plain HOST:PORT`
  if (problem) throw usageError(`-h ${target}: ${problem}.`)
}

function whyRefused(scheme: string, rest: string): string | undefined {
  if (scheme === 'unix') return rest === '' ? 'the path is missing: write unix:/run/server.sock, say' : undefined
  if (scheme === 'dns') return whyNameRefused(rest)
  if (scheme === 'k8s') return whyServiceRefused(rest)
  if (scheme === 'xds') return /^\/\/\/./s.test(rest) ? undefined : 'write xds:///NAME, such as xds:///orders.shop:8080'
  for (const address of rest.replace(/^\/\/\//, '').split(',')) {
    const problem = whyAddressRefused(address) ?? whyNotInFamily(scheme, address)
    if (problem) return problem
  }
  return undefined
}

function whyNameRefused(rest: string): string | undefined {
  const [, dnsServer, name = ''] = /^(?:\/\/([^/]*)\/)?(.*)$/s.exec(rest) ?? []
  if (dnsServer && process.env.GRPC_NODE_USE_ALTERNATIVE_RESOLVER !== 'true') {
    return `grpc-js asks the DNS server ${dnsServer} only with GRPC_NODE_USE_ALTERNATIVE_RESOLVER=true set`
  }
  return whyAddressRefused(name)
}

function whyServiceRefused(rest: string): string | undefined {
  const [, service] = /^\/\/\/(.+)$/s.exec(rest) ?? []
  if (service === undefined) return 'write k8s:///SERVICE.NAMESPACE:PORT, such as k8s:///orders.shop:8080'
  try {
    // A pod has a namespace of its own, which the resolver knows.
    parseServiceTarget(service, 'default')
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function whyAddressRefused(address: string): string | undefined {
  if (isIPv6(address)) return `an IPv6 address takes brackets: write [${address}]:8080, say`
  const [, host, port] = /^(.*?)(?::(\d+))?$/s.exec(address) ?? []
  if (!host) return 'the host is missing: write localhost:8080, say'
  if (port === undefined) return `the port of ${host} is missing: write ${host}:8080, say`
  if (Number(port) < 1 || Number(port) > 65_535) return `${port} is no port: give one from 1 to 65535`
  return undefined
}

function whyNotInFamily(scheme: string, address: string): string | undefined {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '')
  if (scheme === 'ipv4' ? isIPv4(host) : isIPv6(host)) return undefined
  return `${host} is no ${scheme === 'ipv4' ? 'IPv4' : 'IPv6'} address: names go without a scheme, or behind dns:///`
}
