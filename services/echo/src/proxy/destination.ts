import { readFileSync } from 'node:fs'
import { hostAndPort } from '../../../../scripts/lib/address.ts'
import { uriOf } from '../resolved-addresses.ts'

/** Where a client sends its calls, as a proxy beside it may call that. */
export interface Destination {
  /** The host as the target has it, then as a resolver would complete it; none for a socket's path. */
  readonly names: readonly string[]
  /** 0 for a socket's path. */
  readonly port: number
  /** Whether it is in the client's own pod: a proxy that listens there itself. */
  readonly loopback: boolean
}

/**
 * What a client's target means to a proxy; of several addresses the first.
 * @param resolvConf text of /etc/resolv.conf: by its search list `server` is the Service of that name in the pod's own
 * namespace, not one in another, which a proxy may know as well.
 */
export function destinationOf(target: string, resolvConf = readResolvConf()): Destination {
  const { scheme, path } = uriOf(target)
  if (scheme === 'unix') return { names: [], port: 0, loopback: true }
  const { host, port } = hostAndPort(path.split(',')[0] as string)
  const absolute = host.endsWith('.')
  const completed = absolute ? [] : searchList(resolvConf).map((domain) => `${host}.${domain}`)
  const names = [host.replace(/\.$/, ''), ...completed]
  return { names, port, loopback: /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host) }
}

function readResolvConf(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8')
  } catch {
    return ''
  }
}

/** The last `search` counts, as in every resolver. */
function searchList(resolvConf: string): string[] {
  const lines = [...resolvConf.matchAll(/^search[ \t]+(.*)$/gm)]
  return lines.at(-1)?.[1]?.split(/\s+/).filter(Boolean) ?? []
}
