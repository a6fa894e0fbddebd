import { findingsJson } from '../../lib/findings/json.ts'
import { titleOf } from '../../lib/manifests/manifest.ts'
import type { Diagnosis } from './diagnosis.ts'
import { balancerOf } from './facts.ts'
import { headline, stateOf } from './headline.ts'
import { rolesFor } from './roles.ts'

/** A diagnosis for programs. `version` is that of this form, 1; every field is always there, null where there is nothing. */
export function diagnosisJson(diagnosis: Diagnosis): string {
  const { live, findings, unseen, denied } = diagnosis
  const { service, endpoints, pods, traffic, callers, proxies, ports } = live
  const { version, ...found } = JSON.parse(findingsJson(findings))
  const told = {
    version,
    service: `${service.namespace}/${service.name}`,
    state: stateOf(diagnosis),
    headline: headline(diagnosis),
    isHeadless: service.isHeadless,
    ports: ports.map(({ number }) => number),
    endpoints: endpoints.map(({ address, ready, zone, pod }) => ({ address, ready, zone, pod: pod ?? null })),
    pods: pods.map(({ name, node, zone, ready, startedAt, servesSince }) => ({
      name,
      node,
      zone,
      ready,
      startedAt: iso(startedAt),
      servesSince: iso(servesSince),
    })),
    traffic: traffic && {
      seconds: traffic.seconds,
      requests: traffic.requests,
      counts: traffic.counts,
      countedBy: traffic.countedBy,
      isPartial: traffic.isPartial,
      verdict: traffic.verdict.verdict,
      reason: traffic.verdict.reason,
    },
    callers: callers.map((caller) => ({
      workload: titleOf(caller.call.client.manifest),
      target: caller.call.mention.target,
      mesh: caller.mesh ?? null,
      policy: caller.call.policy ?? null,
      balancedBy: balancerOf(caller),
      pods: caller.pods.map(({ name }) => name),
    })),
    proxies: proxies.map(({ pod, endpoints: known }) => ({ pod: `${pod.namespace}/${pod.name}`, endpoints: known })),
    ...found,
    unseen,
    role: denied.length > 0 ? rolesFor(denied) : null,
  }
  return JSON.stringify(told, (_, value) => value ?? null, 2)
}

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
