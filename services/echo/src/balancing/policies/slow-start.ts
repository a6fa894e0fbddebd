/** How the share of a peer that has just become READY grows; names and meaning are Envoy's slow_start_config. */
export interface SlowStart {
  /** How long it grows. */
  readonly windowSeconds: number
  /** How it grows: 1 is straight, more reaches a large share sooner. Default 1. */
  readonly aggression: number
  /** Percent of its full share that it begins with. Default 10. */
  readonly minimumWeightPercent: number
}

/** Which part of its weight a peer has at that age, from `minimumWeightPercent` of 100 to 1. */
export function slowStartFactor(ageSeconds: number, slowStart: SlowStart | undefined): number {
  if (slowStart === undefined || ageSeconds >= slowStart.windowSeconds) return 1
  const grown = (Math.max(0, ageSeconds) / slowStart.windowSeconds) ** (1 / slowStart.aggression)
  return Math.max(slowStart.minimumWeightPercent / 100, grown)
}
