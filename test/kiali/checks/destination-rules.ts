import type { Manifest } from '../../chart/helm.ts'
import { type Finding, found, type MeshConfig, matches } from './mesh-config.ts'

/** Hosts and subsets. Source: destinationrules/multi_match_checker.go and destinationrules/no_dest_checker.go. */
export function destinationRuleFindings(config: MeshConfig): Finding[] {
  const rules = config.ofKind('DestinationRule')
  return [
    ...rules.flatMap((rule) =>
      rules.some((other) => other !== rule && overlap(rule, other)) ? [found('KIA0201', rule)] : [],
    ),
    ...rules.flatMap((rule) => [...hostFindings(config, rule), ...subsetFindings(config, rule)]),
  ]
}

/** Two rules for one host collide, unless each has subsets that the other has not. */
function overlap({ spec: one }: Manifest, { spec: other }: Manifest): boolean {
  const names = ({ subsets = [] }: Manifest): string[] => subsets.map(({ name }: Manifest) => name)
  if (one.host !== other.host) return false
  const [ones, others] = [names(one), names(other)]
  return ones.length === 0 || others.length === 0 || ones.some((name) => others.includes(name))
}

/** KIA0202. */
function hostFindings(config: MeshConfig, rule: Manifest): Finding[] {
  const { host } = rule.spec
  return host.startsWith('*') || config.isElsewhere(host) || config.serviceOf(host) ? [] : [found('KIA0202', rule)]
}

/** KIA0209 for a subset without labels, KIA0203 for one that no workload behind the host has. */
function subsetFindings(config: MeshConfig, rule: Manifest): Finding[] {
  const service = config.serviceOf(rule.spec.host)
  const pods = service === undefined ? [] : config.podLabelsBehind(service)
  return (rule.spec.subsets ?? []).flatMap(({ labels = {} }: Manifest) => {
    if (Object.keys(labels).length === 0) return [found('KIA0209', rule)]
    return pods.some((pod) => matches(labels, pod)) ? [] : [found('KIA0203', rule)]
  })
}
