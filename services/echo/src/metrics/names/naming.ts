import { InvalidArgumentError } from 'commander'

/**
 * The sets of names that calls can be exported under: go-grpc-middleware's, OpenTelemetry's rpc.* and gRPC's own of
 * proposal A66.
 */
export const metricNamings = ['classic', 'otel', 'a66'] as const
export type MetricNaming = (typeof metricNamings)[number]

/** Parser of a commander option that takes some of them, with commas between. */
export function metricNamingList(value: string): readonly MetricNaming[] {
  const names = value.split(',').map((name) => name.trim())
  const known = metricNamings.filter((name) => names.includes(name))
  if (names.length > 0 && names.every((name) => known.some((other) => other === name))) return known
  throw new InvalidArgumentError(`It must be one or more of ${metricNamings.join(', ')}, with commas between.`)
}
