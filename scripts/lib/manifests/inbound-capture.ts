import type { Workload } from './workload.ts'

/**
 * The annotation that has connections to a port of pods go past their own sidecar of Istio's; undefined when it takes them all.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/
 */
export function inboundBypass({ podAnnotations }: Workload, port: number | undefined): string | undefined {
  const listIn = (name: string): string[] | undefined => podAnnotations[name]?.split(',').map((word) => word.trim())
  if (listIn(excluded)?.includes(String(port))) return excluded
  const taken = listIn(included)
  return taken === undefined || taken.includes('*') || taken.includes(String(port)) ? undefined : included
}

const included = 'traffic.sidecar.istio.io/includeInboundPorts'
const excluded = 'traffic.sidecar.istio.io/excludeInboundPorts'
