import type { TrafficPolicy } from '../manifests/traffic-policy.ts'
import { fieldPatch } from './field-patch.ts'

/** Takes `tls` out of a policy, and what holds nothing else with it: Istio refuses policies that say nothing. */
export function withoutTls({ rule, path, fields }: TrafficPolicy): object {
  const { trafficPolicy } = rule.content.spec
  if (path.at(-2) !== 'portLevelSettings') {
    return fieldPatch(rule, holdsMore(fields, 'tls') ? [...path, 'tls'] : path, null)
  }
  if (holdsMore(fields, 'tls', 'port')) return fieldPatch(rule, [...path, 'tls'], null)
  const others: unknown[] = trafficPolicy.portLevelSettings.filter((each: unknown) => each !== fields)
  const list = path.slice(0, -1)
  if (others.length > 0) return fieldPatch(rule, list, others)
  return fieldPatch(rule, holdsMore(trafficPolicy, 'portLevelSettings') ? list : list.slice(0, -1), null)
}

const holdsMore = (fields: object, ...known: readonly string[]): boolean =>
  Object.keys(fields).some((key) => !known.includes(key))
