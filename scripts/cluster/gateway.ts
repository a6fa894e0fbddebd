import type { GatewayClass } from './add-ons.ts'
import type { Namespace } from './namespace.ts'
import type { Scenario } from './scenario.ts'

/**
 * Waits until a Gateway has its proxies and its address, for as long as the cluster's signal lets it.
 *
 * @param progress is told what holds the Gateway up
 * @returns the address, HOST:PORT
 */
export async function untilProgrammed(
  namespace: Namespace,
  name: string,
  progress: (text: string) => void,
): Promise<string> {
  while (true) {
    const { spec, status }: Gateway = JSON.parse(await namespace.kubectl('get', 'gateway', name, '-o', 'json'))
    const programmed = status.conditions?.find(({ type }) => type === 'Programmed')
    const address = status.addresses?.[0]?.value
    if (programmed?.status === 'True' && address !== undefined) return `${address}:${spec.listeners[0]?.port}`
    const why = programmed ? ` (${programmed.reason}: ${programmed.message})` : ''
    progress(`waiting for Gateway ${name} to be programmed${why}`)
    await namespace.cluster.pause(300)
  }
}

/** `KEY=VALUE` of the class that the cluster has for the one that the values name, which is called otherwise elsewhere. */
export function gatewayClassSet({ values, needs }: Scenario, classes: readonly GatewayClass[]): string[] {
  const wanted = values.gatewayApi?.gateway?.className
  if (wanted === undefined || classes.some(({ name }) => name === wanted)) return []
  const maker = needs.includes('envoy-gateway') ? 'gateway.envoyproxy.io/' : 'istio.io/gateway-controller'
  const found = classes.find(({ controller }) => controller.startsWith(maker))
  return found === undefined ? [] : [`gatewayApi.gateway.className=${found.name}`]
}

interface Gateway {
  readonly spec: { readonly listeners: readonly { readonly port: number }[] }
  readonly status: {
    readonly addresses?: readonly { readonly value: string }[]
    readonly conditions?: readonly Condition[]
  }
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}
