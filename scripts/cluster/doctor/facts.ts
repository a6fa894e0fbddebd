import { titleOf } from '../../lib/manifests/manifest.ts'
import type { ServicePort } from '../../lib/manifests/service.ts'
import type { Workload } from '../../lib/manifests/workload.ts'
import { shareLines } from '../../lib/text-table.ts'
import { type Live, type LiveCaller, readyEndpoints } from './live.ts'
import { zonesText } from './zone-counts.ts'

/** What there is, a name and some lines each. */
export interface Fact {
  readonly name: string
  readonly lines: readonly string[]
}

export function factsOf(live: Live): Fact[] {
  const { service, ports, model, traffic } = live
  return [
    {
      name: 'service',
      lines: [
        `${addressText(live)}; ${ports.map((port) => `port ${port.number} speaks gRPC (${model.speaksGrpc(service, port) ?? 'a client dials it so'})`).join(', ')}`,
      ],
    },
    { name: 'endpoints', lines: [endpointsText(live)] },
    { name: 'servers', lines: service.workloads.map((each) => workloadText(live, each)) },
    ...(traffic === undefined ? [] : [{ name: 'served', lines: servedLines(live) }]),
    { name: 'callers', lines: live.callers.map((caller) => callerText(caller, live)) },
  ].filter(({ lines }) => lines.length > 0)
}

function addressText({ service }: Live): string {
  const { clusterIP, type } = service.manifest.content.spec ?? {}
  return service.isHeadless
    ? 'headless: its name is the addresses of its pods'
    : `${type ?? 'ClusterIP'} ${clusterIP ?? ''}: one virtual address`.replace(' :', ':')
}

function endpointsText(live: Live): string {
  const ready = readyEndpoints(live)
  const zones = zonesText(ready.map(({ zone }) => zone))
  return `${ready.length} ready of ${live.endpoints.length}${zones && `: ${zones}`}`
}

function workloadText({ model, pods }: Live, workload: Workload): string {
  const mesh = model.meshOf(workload)
  const age = model.limitsConnectionAge(workload)
    ? 'ends connections after a while'
    : 'sets no max connection age that can be seen'
  return `${titleOf(workload.manifest)}, ${counted(pods.length, 'pod')}, ${mesh === undefined ? 'in no mesh' : `in the mesh (${mesh})`}; ${age}`
}

function servedLines({ traffic, pods }: Live): string[] {
  if (traffic === undefined) return []
  const { counts, requests, countedBy } = traffic
  const shares = Object.entries(counts).map(([label, count]) => ({
    label,
    share: requests === 0 ? 0 : count / requests,
  }))
  const bars = shareLines(shares)
  const since = new Map(pods.map(({ name, servesSince }) => [name, servesSince]))
  const lines = Object.entries(counts).map(([name, count], i) => `${bars[i]}  ${count}${ageText(since.get(name))}`)
  return [...lines, `counted by ${countedBy} in ${traffic.seconds} s`]
}

const ageText = (since: number | undefined): string =>
  since === undefined ? '' : `  ready for ${agoText((Date.now() - since) / 1000)}`

/** `40 s`, `12 min`, `3 h`, `5 d` */
export function agoText(seconds: number): string {
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

function callerText({ call, mesh, pods }: LiveCaller, { model }: Live): string {
  const { client, mention, service } = call
  const place = pods.length > 0 ? `${counted(pods.length, 'pod')}, ` : ''
  return `${titleOf(client.manifest)} (${place}${mesh === undefined ? 'in no mesh' : mesh}) dials ${mention.target}: ${balancerOf({ call, mesh })}${model.isInMesh(service, 'istio') && mesh === undefined ? ', past the mesh of the servers' : ''}`
}

/** Who chooses a pod for its calls. */
export function balancerOf({ call, mesh }: Pick<LiveCaller, 'call' | 'mesh'>): string {
  const { service, port, policy, mention } = call
  if (mention.scheme === 'xds') return 'its own xDS client balances calls'
  if (mesh === 'ambient') return 'ztunnel balances connections; only a waypoint would balance calls'
  if (mesh === 'linkerd') return 'its proxy balances calls'
  if (mesh === 'istio' && service.isHeadless) return 'its sidecar passes on to the address that it resolves'
  if (mesh === 'istio') return sidecarText(port.declared)
  if (!service.isHeadless) return 'kube-proxy chooses one pod for each connection'
  return (policy ?? 'pick_first') === 'pick_first'
    ? 'it uses the first address that it resolves (pick_first)'
    : `it balances calls by ${policy} over the addresses that it resolves`
}

/** By what the port is declared to speak. */
function sidecarText(declared: ServicePort['declared']): string {
  if (declared === undefined) return 'its sidecar balances calls if it guesses right what the port speaks'
  if (/^(grpc|http2)/.test(declared)) return 'its sidecar balances calls'
  return `its sidecar treats calls as ${declared}, as the port is declared`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
