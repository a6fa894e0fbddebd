import { readyEndpoints } from '../live.ts'
import type { LiveRule } from '../live-rule.ts'

/** A sidecar that leaves endpoints out. */
export const proxySeesFewer: LiveRule = {
  id: 'proxy-sees-fewer',
  title: "A caller's Envoy leaves out endpoints that are ready",
  severity: 'advice',
  why: `Envoy balances over the endpoints that it knows and holds for healthy. It leaves out those that outlier detection has ejected,
that a \`Sidecar\` resource or a subset hides from it, or that its control plane has not told it of. \`evenly doctor\` asks the
admin page of a caller's Envoy (\`/clusters\`) and compares it with the Service's EndpointSlices.`,
  cure: `Ask again after some seconds: a change takes that long to come. If it stays, see \`istioctl proxy-config endpoints POD\` for the
reason of each (\`OUTLIER CHECK\`), and \`istioctl proxy-status\` for a proxy that is not told any more.`,
  sources: [
    'https://istio.io/latest/docs/ops/diagnostic-tools/proxy-cmd/',
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier',
  ],
  *check(live) {
    const ready = readyEndpoints(live)
    for (const { pod, caller, endpoints } of live.proxies) {
      // A headless Service may have no endpoints of its own in Envoy: it goes where its client has resolved.
      if (caller.call.service.isHeadless) continue
      const missing = ready.filter(({ address }) => endpoints[address] !== true)
      if (missing.length === 0) continue
      const ejected = missing.filter(({ address }) => endpoints[address] === false)
      const why =
        ejected.length > 0 ? `${ejected.length} of them it knows and holds for unhealthy` : 'it does not know them'
      const names = missing.map(({ pod, address }) => pod ?? address).join(', ')
      yield {
        object: caller.call.client.manifest,
        path: [],
        reason: `the Envoy of its pod ${pod.name} sends no calls to ${missing.length} of ${ready.length} ready endpoints (${names}): ${why}`,
        fix: `see istioctl proxy-config endpoints ${pod.name}.${pod.namespace} for the reason`,
      }
    }
  },
}
