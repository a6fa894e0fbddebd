import type { ScenarioResult } from '../cluster/result.ts'
import { shortNames } from './short-names.ts'

/** A pod's part of the calls. */
export interface PodShare {
  readonly pod: string
  readonly calls: number
  /** Of the calls that were answered, 0 to 1. */
  readonly share: number
}

/** All pods where they are few; else the busiest and the idlest, and what lies between. */
export interface Digest {
  readonly first: readonly PodShare[]
  readonly between: { readonly pods: number; readonly least: number; readonly most: number } | undefined
  readonly last: readonly PodShare[]
}

export function podShares(counts: Readonly<Record<string, number>>): PodShare[] {
  const total = Object.values(counts).reduce((sum, calls) => sum + calls, 0)
  return Object.entries(counts).map(([pod, calls]) => ({ pod, calls, share: total === 0 ? 0 : calls / total }))
}

/** @param limit up to so many pods are told one by one, in the order they come in */
export function digest(shares: readonly PodShare[], limit = 12): Digest {
  if (shares.length <= limit) return { first: shares, between: undefined, last: [] }
  const sorted = shares.toSorted((a, b) => b.share - a.share)
  const half = Math.floor(limit / 2)
  const between = sorted.slice(half, -half)
  const [most, least] = [between.at(0)?.share ?? 0, between.at(-1)?.share ?? 0]
  return { first: sorted.slice(0, half), between: { pods: between.length, least, most }, last: sorted.slice(-half) }
}

/** What to call each pod that a result speaks of. */
export function podNames({ counts, pods, truth, rebalance }: ScenarioResult): (pod: string) => string {
  const counted = [counts, pods, truth.client, truth.server ?? {}, truth.proxy ?? {}, rebalance?.series.calls ?? {}]
  const changed = [...(rebalance?.joined ?? []), ...(rebalance?.left ?? [])].map(({ pod }) => pod)
  const names = shortNames([...new Set([...counted.flatMap(Object.keys), ...changed])])
  return (pod) => names.get(pod) ?? pod
}
