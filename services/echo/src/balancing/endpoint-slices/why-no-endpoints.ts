import type { EndpointSlice } from './endpoint-slice.ts'
import { portOf } from './service-endpoints.ts'

/** What to say where none of these slices has a pod that takes calls at the port. */
export function whyNoEndpoints(slices: readonly EndpointSlice[], port: string): string {
  const pods = slices.flatMap(({ endpoints }) => endpoints ?? []).length
  if (slices.length === 0) return 'it has no EndpointSlice: is there such a Service, and has it a selector?'
  if (pods === 0) return 'it selects no pod'
  if (slices.some(({ ports }) => portOf(ports ?? [], port) !== undefined))
    return `none of ${pods} in its slices is ready`
  const ports = slices.flatMap((slice) => slice.ports ?? [])
  const named = new Set(ports.map(({ name, port }) => (name ? `${name} (${port})` : `${port}`)))
  return `its pods listen on ${[...named].join(', ') || 'none'}`
}
