import { type Live, readyEndpoints } from '../live.ts'
import type { LiveRule } from '../live-rule.ts'
import type { Traffic } from '../traffic.ts'
import { windowText } from '../window-text.ts'

/** All eggs in one zone, or zones that get nothing. */
export const oneZone: LiveRule = {
  id: 'one-zone',
  title: 'One zone has all endpoints of a Service, or serves all its calls',
  severity: 'advice',
  why: `When the zone fails the Service is gone, and callers in other zones pay for every call that crosses. Where the Service prefers
near endpoints (\`trafficDistribution\`), callers of a zone with few endpoints load those few more than callers elsewhere load
theirs.`,
  cure: 'Spread the pods: `topologySpreadConstraints` on `topology.kubernetes.io/zone`, and as many replicas as zones, at least.',
  sources: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    'https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution',
  ],
  *check(live) {
    const ready = readyEndpoints(live)
    const zones = new Set(live.nodeZones.filter((zone) => zone !== ''))
    const [used = '', ...others] = new Set(ready.map(({ zone }) => zone))
    if (ready.length < 2 || zones.size < 2 || used === '') return
    if (others.length === 0) {
      const reason = `all ${ready.length} ready endpoints are in ${used}, one of ${zones.size} zones that have nodes`
      yield { ...workloadOf(live), reason, fix: 'spread its pods over zones with topologySpreadConstraints' }
    } else if (live.service.manifest.content.spec?.trafficDistribution !== undefined) {
      const taking = zonesServing(live)
      if (taking.length !== 1) return
      const reason = `it prefers near endpoints, and those in ${taking[0]} served all of ${windowText(live.traffic as Traffic)}, for its callers are there`
      const fix = 'see that this zone has pods enough for all of them, or take trafficDistribution away'
      yield { object: live.service.manifest, path: ['spec', 'trafficDistribution'], reason, fix }
    }
  },
}

/** What to change: the workload, where there is one. */
function workloadOf({ service }: Live) {
  const [workload] = service.workloads
  if (workload === undefined) return { object: service.manifest, path: ['spec', 'selector'] }
  return { object: workload.manifest, path: [...workload.templatePath, 'spec', 'topologySpreadConstraints'] }
}

/** Zones whose pods served any of enough calls to tell; none when nobody counted. */
function zonesServing({ traffic, pods }: Live): string[] {
  if (traffic === undefined || !/^(pinned|skewed)$/.test(traffic.verdict.verdict)) return []
  const serving = pods.filter(({ name }) => (traffic.counts[name] ?? 0) > 0)
  return [...new Set(serving.map(({ zone }) => zone))]
}
