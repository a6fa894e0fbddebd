import packageJson from '../../package.json' with { type: 'json' }
import type { RunInfo } from '../report/run-info.ts'
import type { AddOn, Equipment } from './add-ons.ts'
import type { Cluster } from './cluster.ts'

/** When a run began, how long it took until now, and the versions of what it ran on, as far as they may be read. */
export async function runInfoOf(
  cluster: Cluster,
  { kubernetes, addOns }: Equipment,
  startedAt: Date,
): Promise<RunInfo> {
  const tookSeconds = Math.round((Date.now() - startedAt.getTime()) / 1000)
  const found = await Promise.all([...addOns].map(async (name) => [name, await versionOf(cluster, name)] as const))
  const had = Object.fromEntries(found.map(([name, version]) => [name, version || 'of unknown version']))
  const versions = { evenly: packageJson.version, kubernetes: bare(kubernetes), ...had }
  return { startedAt: startedAt.toISOString(), tookSeconds, versions }
}

const image = '{.items[0].spec.template.spec.containers[0].image}'
const bundle = '{.metadata.annotations.gateway\\.networking\\.k8s\\.io/bundle-version}'

/** What tells the version: the tag of a controller's image, or an annotation of its definitions. */
const tellers: Readonly<Partial<Record<AddOn, readonly string[]>>> = {
  istio: ['deployments', '-n', 'istio-system', '-l', 'app=istiod', '-o', `jsonpath=${image}`],
  'envoy-gateway': ['deployments', '-A', '-l', 'control-plane=envoy-gateway', '-o', `jsonpath=${image}`],
  'gateway-api': ['crd', 'gatewayclasses.gateway.networking.k8s.io', '-o', `jsonpath=${bundle}`],
}

/** Empty where it is not told, or not to everybody. */
async function versionOf(cluster: Cluster, name: AddOn): Promise<string> {
  const teller = tellers[name]
  if (teller === undefined) return ''
  const told = await cluster.kubectl(['get', ...teller]).catch(() => '')
  return bare(told.slice(told.lastIndexOf(':') + 1).trim())
}

const bare = (version: string): string => version.replace(/^v(?=\d)/, '')
