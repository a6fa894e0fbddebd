import { unavailable } from '../lib/exit.ts'
import type { Equipment } from './add-ons.ts'
import type { Scenario } from './scenario.ts'

/** Why a scenario cannot run on a cluster, as a part of a sentence; empty when it can. */
export function whyNotRunnable({ needs }: Scenario, { addOns }: Equipment): string {
  const missing = needs.filter((need) => !addOns.has(need))
  return missing.length === 0 ? '' : `the cluster has no ${missing.map((need) => names[need]).join(' and no ')}`
}

/** @throws EvenlyError (69) when a scenario cannot run on a cluster, with what helps */
export function refuseUnrunnable(scenario: Scenario, equipment: Equipment): void {
  const why = whyNotRunnable(scenario, equipment)
  if (why !== '') throw unavailable(`${scenario.name} cannot run here: ${why}: install it, or choose another scenario`)
}

const names = {
  istio: 'Istio',
  'gateway-api': 'Gateway API',
  'envoy-gateway': 'Envoy Gateway',
  linkerd: 'Linkerd',
  'istio-ambient': 'Istio in ambient mode',
} as const
