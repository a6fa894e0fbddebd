import type { Equipment } from './add-ons.ts'
import type { Scenario } from './scenario.ts'

/** Why a scenario cannot run on a cluster and what helps, as a part of a sentence; empty when it can. */
export function whyNotRunnable({ documented, needs }: Scenario, { addOns }: Equipment): string {
  if (documented !== '') return `${documented}: choose another scenario`
  const missing = needs.filter((need) => !addOns.has(need))
  return missing.length === 0
    ? ''
    : `the cluster has no ${missing.map((need) => names[need]).join(' and no ')}: install it, or choose another scenario`
}

const names = {
  istio: 'Istio',
  'gateway-api': 'Gateway API',
  'envoy-gateway': 'Envoy Gateway',
  linkerd: 'Linkerd',
  'istio-ambient': 'Istio in ambient mode',
} as const
