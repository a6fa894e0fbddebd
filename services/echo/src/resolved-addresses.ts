import { experimental } from '@grpc/grpc-js'

/**
 * The addresses a target resolves to, as `address:port`, looked up as the channel itself does: pick_first connects to one
 * of them and tells nobody of the others. Empty when the look-up fails, takes 5 s, or `signal` aborts, and for xds:///, where the
 * control plane tells the addresses to a channel alone.
 */
export function resolvedAddresses(target: string, signal: AbortSignal): Promise<readonly string[]> {
  if (isXds(target)) return Promise.resolve([])
  const limit = AbortSignal.any([signal, AbortSignal.timeout(5000)])
  return new Promise((resolve) => {
    const end = (addresses: readonly string[]): void => {
      limit.removeEventListener('abort', giveUp)
      resolver.destroy()
      resolve(addresses)
    }
    const giveUp = () => end([])
    const resolver = experimental.createResolver(
      uriOf(target),
      (endpoints) => {
        end(endpoints.ok ? endpoints.value.flatMap(({ addresses }) => addresses.map(asText)) : [])
        return true
      },
      { 'grpc.service_config_disable_resolution': 1 },
    )
    if (limit.aborted) return giveUp()
    limit.addEventListener('abort', giveUp, { once: true })
    resolver.updateResolution()
  })
}

const asText = experimental.subchannelAddressToString

/** Whether a control plane says where a target is, and how to balance. */
export const isXds = (target: string): boolean => target.startsWith('xds:')

/** The parts of a target as grpc-js reads it; one without a scheme is a name. */
export function uriOf(target: string): experimental.GrpcUri {
  const [, scheme, authority, path] = /^(dns|ipv4|ipv6|unix|k8s|xds):(?:\/\/([^/]*)\/)?(.+)$/s.exec(target) ?? []
  if (scheme === undefined || path === undefined) return { scheme: 'dns', path: target }
  return { scheme, path, ...(authority !== undefined && { authority }) }
}
