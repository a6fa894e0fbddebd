import type { Cluster } from './cluster.ts'

/** What a cluster may have besides Kubernetes, and how it shows: by an API group, or a GatewayClass. */
const signs = {
  istio: { group: 'networking.istio.io' },
  'gateway-api': { group: 'gateway.networking.k8s.io' },
  'envoy-gateway': { group: 'gateway.envoyproxy.io' },
  linkerd: { group: 'linkerd.io' },
  'istio-ambient': { class: 'istio.io/mesh-controller' },
} as const

export type AddOn = keyof typeof signs
export const addOns = Object.keys(signs) as AddOn[]

/** A GatewayClass of the cluster. */
export interface GatewayClass {
  readonly name: string
  readonly controller: string
}

/** What a cluster is and has. */
export interface Equipment {
  /** Such as v1.34.3. */
  readonly kubernetes: string
  readonly addOns: ReadonlySet<AddOn>
  readonly gatewayClasses: readonly GatewayClass[]
}

/** Looks around; this is also how one learns that there is no cluster. */
export async function equipmentOf(cluster: Cluster): Promise<Equipment> {
  const [version, apis] = await Promise.all([cluster.get('/version'), cluster.get('/apis')])
  const groups: string[] = JSON.parse(apis).groups.map(({ name }: { name: string }) => name)
  const gatewayClasses = groups.includes(signs['gateway-api'].group) ? await gatewayClassesOf(cluster) : []
  const has = (addOn: AddOn): boolean => {
    const sign = signs[addOn]
    return 'group' in sign
      ? groups.includes(sign.group)
      : gatewayClasses.some(({ controller }) => controller === sign.class)
  }
  return { kubernetes: JSON.parse(version).gitVersion, addOns: new Set(addOns.filter(has)), gatewayClasses }
}

async function gatewayClassesOf(cluster: Cluster): Promise<GatewayClass[]> {
  // Not to know them does no harm to the scenarios that need none, which are most.
  const classes = await cluster.listIfAllowed('gatewayclasses')
  return classes.map(({ metadata, spec }) => ({ name: metadata.name, controller: spec.controllerName }))
}
