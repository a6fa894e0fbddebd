import type { Severity } from '../findings/finding.ts'
import type { ChartValues } from './chart-values.ts'
import type { Release, RuleChecks, Violation } from './rule-check.ts'
import { rulePatches } from './rule-patches.ts'
import { ambientRules } from './rules-ambient.ts'
import { autoscalingRules } from './rules-autoscaling.ts'
import { availabilityRules } from './rules-availability.ts'
import { clientRules } from './rules-client.ts'
import { envoyRules } from './rules-envoy.ts'
import { gatewayRules } from './rules-gateways.ts'
import { loadBalancingRules } from './rules-load-balancing.ts'
import { localityRules } from './rules-locality.ts'
import { lookasideRules } from './rules-lookaside.ts'
import { lookasideServiceRules } from './rules-lookaside-services.ts'
import { meshRules } from './rules-meshes.ts'
import { nullRules } from './rules-null.ts'
import { podRules } from './rules-pods.ts'
import { policyRules } from './rules-policies.ts'
import { portRules } from './rules-ports.ts'
import { probeRules } from './rules-probes.ts'
import { proxyRules } from './rules-proxies.ts'
import { resolverRules } from './rules-resolver.ts'
import { routeOrderRules } from './rules-route-order.ts'
import { routeWeightRules } from './rules-route-weights.ts'
import { routeRules } from './rules-routes.ts'
import { serviceRules } from './rules-services.ts'
import { targetRules } from './rules-target.ts'
import { tracingRules } from './rules-tracing.ts'
import { warmUpRules } from './rules-warm-up.ts'
import { weightRules } from './rules-weights.ts'
import { chartRules, type Rule } from './table.ts'

/** A mistake that lies between values. */
export interface Problem {
  readonly id: string
  readonly severity: Severity
  readonly path: string
  readonly reason: string
  readonly fix: string
  /** All of it, as Helm says it too. */
  readonly message: string
  /** Values that may mend it, laid over those that were checked; the best first, and none of them tried. */
  readonly mends: readonly object[]
}

/**
 * Everything that the chart's rules say about values, in the order of the table: what Helm refuses (`error`), and what its
 * notes advise (`advice`). Where a value is null that the chart needs, that is all that is said.
 *
 * @param values defaults filled in, and of the types that the schema asks for
 * @param release without it nothing is said about the name that only a release gives
 */
export function checkRules(values: ChartValues, release?: Release): Problem[] {
  const found = (rules: readonly Rule[]): Problem[] =>
    rules.flatMap((rule) =>
      (ruleChecks[rule.id]?.(values, release) ?? []).map((words) => problemOf(rule, words, values)),
    )
  const nulls = found(chartRules().filter(({ id }) => id in nullRules))
  return nulls.length > 0 ? nulls : found(chartRules().filter(({ id }) => !(id in nullRules)))
}

/** The check of each rule, by its id; a test holds them equal to the table. */
export const ruleChecks: RuleChecks = {
  ...nullRules,
  ...targetRules,
  ...clientRules,
  ...resolverRules,
  ...envoyRules,
  ...portRules,
  ...probeRules,
  ...podRules,
  ...serviceRules,
  ...loadBalancingRules,
  ...warmUpRules,
  ...weightRules,
  ...localityRules,
  ...lookasideRules,
  ...lookasideServiceRules,
  ...meshRules,
  ...proxyRules,
  ...ambientRules,
  ...routeRules,
  ...routeWeightRules,
  ...routeOrderRules,
  ...policyRules,
  ...gatewayRules,
  ...autoscalingRules,
  ...availabilityRules,
  ...tracingRules,
}

function problemOf({ id, severity, ...rule }: Rule, words: Violation, values: ChartValues): Problem {
  const path = filledIn(rule.path, words)
  const reason = filledIn(rule.reason, words)
  const fix = filledIn(rule.fix, words)
  const mends = rulePatches[id]?.(values, words) ?? [rule.mends]
  return { id, severity, path, reason, fix, message: `${path}: ${reason}; ${fix}. [${id}]`, mends }
}

const filledIn = (text: string, words: Violation): string =>
  text.replace(/\{(\w+)\}/g, (whole, word: string) => String(words[word] ?? whole))
