import type { ProxyReport, Report } from '../../services/echo/src/report.ts'
import { capitalized } from '../lib/capitalized.ts'
import { type Counts, sum, summed, totalOf, zeroes } from './counts.ts'
import type { Pod } from './pod.ts'
import { PortForward } from './port-forward.ts'
import type { Truth } from './result.ts'
import type { Setup } from './setup.ts'

/** Port of the echo program's own counters. */
const adminPort = 9464

/**
 * The calls of a run as three parties counted them: the clients, the servers, which counted none before it, and the clients'
 * Envoy where there is one.
 */
export async function truthOf(setup: Setup, counts: Truth['client'], reports: readonly Report[]): Promise<Truth> {
  const pods = setup.servers()
  const failed = sum(reports.map((report) => report.failed))
  const proxies = reports.flatMap(({ proxy }) => (proxy ? [proxy] : []))
  const server = await countsOfServers(setup, pods)
  setup.settings.cluster.signal.throwIfAborted()
  const ofProxy = (key: 'calls' | 'connections') => (proxies.length === 0 ? null : byPod(pods, proxies, key))
  const told = { client: counts, server, proxy: ofProxy('calls'), proxyConnections: ofProxy('connections') }
  return { ...told, ...agreementOf(told, failed) }
}

/** Whether the parties agree, and why not where there is a reason for it. */
export function agreementOf(
  { client, server, proxy }: Pick<Truth, 'client' | 'server' | 'proxy'>,
  failed: number,
): Pick<Truth, 'agrees' | 'explanation'> {
  const others = Object.entries({ 'the servers': server, Envoy: proxy }).flatMap(([who, counts]) =>
    counts ? [{ who, counts }] : [],
  )
  const total = totalOf(client)
  if (others.length === 0)
    return { agrees: true, explanation: "The servers' counters could not be read: nothing to compare with." }
  const off = others.flatMap(({ who, counts }) =>
    Object.keys({ ...client, ...counts }).flatMap((pod) => {
      const [here = 0, there = 0] = [client[pod], counts[pod]]
      return here === there ? [] : [{ who, pod, here, there }]
    }),
  )
  const parties = ['the clients', ...others.map(({ who }) => who)].join(', ').replace(/, ([^,]+)$/, ' and $1')
  if (off.length === 0) {
    const lost = failed === 0 ? '' : `; ${failed} calls that failed reached no pod`
    return {
      agrees: true,
      explanation: `${capitalized(parties)} count the same ${total} answered calls, pod by pod${lost}.`,
    }
  }
  const [first] = off as [(typeof off)[number]]
  const difference = `${first.who} counted ${first.there} calls of ${first.pod} where the clients counted ${first.here}`
  // A pod may have served a call whose answer was lost, or that was tried again elsewhere: then it knows of more.
  const retried = off.every(({ here, there }) => there > here)
  const extra = sum(off.map(({ here, there }) => there - here))
  if (retried && extra <= 2 * failed) {
    return { agrees: true, explanation: `${capitalized(difference)}: attempts of the ${failed} calls that failed.` }
  }
  return { agrees: false, explanation: `${capitalized(difference)}, and nothing explains it.` }
}

async function countsOfServers(setup: Setup, pods: readonly Pod[]): Promise<Truth['server']> {
  const counts = await Promise.all(pods.map(async ({ name }) => [name, await handledBy(setup, name)] as const))
  return counts.some(([, count]) => count === null) ? null : Object.fromEntries(counts as [string, number][])
}

/** Calls of Echo that a server has handled; null for one that does not count as ours does. */
async function handledBy(setup: Setup, pod: string): Promise<number | null> {
  const forward = await PortForward.open(setup.namespace, pod, adminPort).catch(() => undefined)
  if (forward === undefined) return null
  try {
    const response = await fetch(`http://${forward.address}/metrics`, { signal: AbortSignal.timeout(10_000) })
    const lines = (await response.text()).split('\n')
    const handled = lines.filter((line) =>
      /^grpc_server_handled_total\{[^}]*grpc_service="evenly\.echo\.v1\.Echo"/.test(line),
    )
    return handled.length === 0 ? null : sum(handled.map((line) => Number(line.slice(line.lastIndexOf(' ')))))
  } catch {
    return null
  } finally {
    forward.close()
  }
}

function byPod(pods: readonly Pod[], proxies: readonly ProxyReport[], key: 'calls' | 'connections'): Counts {
  const podAt = (address: string) =>
    pods.find(({ ip }) => ip === address.slice(0, address.lastIndexOf(':')))?.name ?? address
  const told = proxies.flatMap(({ endpoints }) => Object.entries(endpoints))
  return summed([
    zeroes(pods.map(({ name }) => name)),
    ...told.map(([address, each]) => ({ [podAt(address)]: each[key] })),
  ])
}
