import { setTimeout as sleep } from 'node:timers/promises'
import type { EndpointCounts, ProxyReport } from '../report.ts'
import type { Destination } from './destination.ts'
import { type Endpoint, type EnvoyClusters, endpointsOf, healthyAddresses } from './envoy-clusters.ts'

const pauseMilliseconds = 100
const timeoutMilliseconds = 2000

/** Reads the admin page of the Envoy beside the client: which endpoints it knows, and what it counts for each. */
export class ProxyAdmin {
  private readonly url: string
  private readonly destination: Destination
  private readonly say: (line: string) => void
  /** What Envoy had counted when the run began; undefined before that, and when it could not be read. */
  private before: readonly Endpoint[] | undefined

  /** @param url of the admin page, such as `http://127.0.0.1:15000`. */
  constructor(url: string, destination: Destination, say: (line: string) => void) {
    this.url = url
    this.destination = destination
    this.say = say
  }

  /** Resolves when Envoy knows so many healthy endpoints of the target, or after `limitSeconds`: then it says so. */
  async untilKnown(peers: number, limitSeconds: number, stop: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([stop, AbortSignal.timeout(limitSeconds * 1000)])
    let known: number | undefined
    while (!limit.aborted) {
      // Envoy may itself be starting: a page that cannot be read yet is read again.
      known = await this.read(limit).then(
        (endpoints) => healthyAddresses(endpoints).size,
        () => known,
      )
      if (known !== undefined && known >= peers) return
      await sleep(pauseMilliseconds, undefined, { signal: limit }).catch(() => {})
    }
    if (known === undefined || stop.aborted) return
    this.say(`after ${limitSeconds} s the proxy knows ${known} of ${peers} healthy endpoints of the target: going on`)
  }

  /** Notes what Envoy has counted so far: the run begins. */
  async begin(): Promise<void> {
    this.before = await this.readOrSay()
  }

  /** What Envoy counted since `begin`; undefined when its page could not be read then, or cannot be now. */
  async counts(): Promise<ProxyReport | undefined> {
    const after = this.before && (await this.readOrSay())
    return this.before && after && { endpoints: difference(this.before, after) }
  }

  private async readOrSay(): Promise<readonly Endpoint[] | undefined> {
    try {
      return await this.read()
    } catch (error) {
      this.say(`--proxy-admin ${this.url}: ${reasonOf(error as Error)}: the report does without what the proxy counted`)
      return undefined
    }
  }

  private async read(...signals: AbortSignal[]): Promise<readonly Endpoint[]> {
    const signal = AbortSignal.any([...signals, AbortSignal.timeout(timeoutMilliseconds)])
    const response = await fetch(new URL('/clusters?format=json', this.url), { signal })
    if (!response.ok) throw new Error(`/clusters answers ${response.status}`)
    return endpointsOf((await response.json()) as EnvoyClusters, this.destination)
  }
}

/** Adds up the clusters that share an address; Istio makes one of each subset. */
function difference(before: readonly Endpoint[], after: readonly Endpoint[]): Record<string, EndpointCounts> {
  const known = new Map(before.map((endpoint) => [idOf(endpoint), endpoint]))
  const grown: Record<string, EndpointCounts> = {}
  for (const endpoint of [...after].sort((a, b) => (a.address < b.address ? -1 : 1))) {
    const old = known.get(idOf(endpoint))
    const calls = growth(old?.calls ?? 0, endpoint.calls)
    if (!endpoint.ofTarget && calls === 0) continue
    const sum = grown[endpoint.address] ?? { calls: 0, connections: 0 }
    const connections = sum.connections + growth(old?.connections ?? 0, endpoint.connections)
    grown[endpoint.address] = { calls: sum.calls + calls, connections }
  }
  return grown
}

const idOf = ({ cluster, address }: Endpoint): string => `${cluster} ${address}`

/** An endpoint that Envoy forgot and found again counts from 0. */
const growth = (before: number, after: number): number => (after < before ? after : after - before)

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}
