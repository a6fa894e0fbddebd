import { readyEndpoints } from '../live.ts'
import type { LiveRule } from '../live-rule.ts'
import { troublesText } from '../troubles.ts'

/** Fewer to call than there should be. */
export const endpointsNotReady: LiveRule = {
  id: 'endpoints-not-ready',
  title: 'Some pods of a Service are not ready, so the others serve for them',
  severity: 'advice',
  why: `Only ready pods are endpoints. While some are not, their share of the calls goes to the rest. It passes by itself while pods
start; it does not when a probe asks for what the pod cannot answer, or an image cannot be pulled.`,
  cure: 'See what the pods say (`kubectl describe pod`, `kubectl logs`), and mend that.',
  sources: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes'],
  *check(live) {
    const unready = live.pods.filter(({ ready, leaving }) => !ready && !leaving)
    if (readyEndpoints(live).length === 0 || unready.length === 0) return
    yield {
      object: live.service.manifest,
      path: ['spec', 'selector'],
      reason: `${unready.length} of its ${live.pods.length} pods take no calls: ${troublesText(unready, live.lastWords)}`,
      fix: 'mend what they name, or wait if they have just been started',
    }
  },
}
