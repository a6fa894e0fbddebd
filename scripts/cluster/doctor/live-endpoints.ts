import type { Content } from '../../lib/manifests/manifest.ts'
import { listOf } from '../../lib/manifests/workload.ts'

/** An address behind a Service, as its EndpointSlices have it. */
export interface LiveEndpoint {
  readonly address: string
  readonly ready: boolean
  readonly terminating: boolean
  /** Empty where it is not told. */
  readonly zone: string
  /** The zones whose callers are to use it; empty for all. */
  readonly forZones: readonly string[]
  /** Name of its pod; undefined for one that somebody wrote by hand. */
  readonly pod: string | undefined
}

/** Each address once: of a dual-stack Service those of the family that has the most. */
export function liveEndpoints(slices: readonly Content[]): LiveEndpoint[] {
  const families = Map.groupBy(slices, ({ addressType }) => String(addressType))
  const lists = [...families.values()].map((each) => [...new Map(each.flatMap(endpointsIn)).values()])
  return lists.toSorted((one, other) => other.length - one.length)[0] ?? []
}

function endpointsIn(slice: Content): [string, LiveEndpoint][] {
  return listOf(slice.endpoints).flatMap(({ addresses, conditions, hints, zone, targetRef }) => {
    const address = addresses?.[0]
    if (typeof address !== 'string') return []
    const endpoint = {
      address,
      // Not to know means ready, as the API has it.
      ready: conditions?.ready !== false,
      terminating: conditions?.terminating === true,
      zone: zone ?? '',
      forZones: listOf(hints?.forZones).map(({ name }) => String(name)),
      pod: targetRef?.kind === 'Pod' ? targetRef.name : undefined,
    }
    return [[address, endpoint]]
  })
}
