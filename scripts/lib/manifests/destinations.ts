import type { Manifest, Path } from './manifest.ts'
import { listOf } from './workload.ts'

/** Where a VirtualService sends calls. */
export interface Destination {
  readonly route: Manifest
  readonly host: unknown
  readonly subset: string | undefined
  readonly port: number | undefined
  /** Whether its route sends calls to others too. */
  readonly isShared: boolean
  /** Of the destination itself. */
  readonly path: Path
}

/** Where the HTTP routes of a VirtualService send calls, gRPC's among them; those of weight 0 and mirrors left out. */
export const destinationsOf = (route: Manifest): Destination[] =>
  listOf(route.content.spec?.http).flatMap((http, i) => {
    const entries = listOf(http.route)
    return entries.flatMap(({ destination, weight }, k) => {
      if (destination == null || (weight === 0 && entries.length > 1)) return []
      const { host, subset, port } = destination
      const path = ['spec', 'http', i, 'route', k, 'destination']
      const number = typeof port?.number === 'number' ? port.number : undefined
      return [{ route, host, subset: textOf(subset), port: number, isShared: entries.length > 1, path }]
    })
  })

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
