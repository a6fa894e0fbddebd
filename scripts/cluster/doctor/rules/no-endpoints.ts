import { readyEndpoints } from '../live.ts'
import type { LiveRule } from '../live-rule.ts'
import { troublesText } from '../troubles.ts'

/** Nobody to call. */
export const noEndpoints: LiveRule = {
  id: 'no-endpoints',
  title: 'A Service has no ready endpoint, so every call to it fails',
  severity: 'error',
  why: `A Service leads to the pods that its selector takes and that are ready. When there is none, a ClusterIP refuses every
connection and a headless name has no address: gRPC clients report \`UNAVAILABLE\`, or wait until their deadline.`,
  cure: `See what the pods say (\`kubectl describe pod\`, \`kubectl logs --previous\`) and mend that. Where there is no pod at all,
compare the Service's selector with the labels of the pods' template, and look whether the workload is scaled to 0.`,
  sources: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors',
    'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  ],
  *check(live) {
    if (readyEndpoints(live).length > 0) return
    const { service, pods, lastWords } = live
    const object = service.manifest
    if (pods.length > 0) {
      const reason = `none of its ${pods.length === 1 ? 'one pod' : `${pods.length} pods`} is ready: ${troublesText(pods, lastWords)}`
      yield { object, path: ['spec', 'selector'], reason, fix: 'mend what they name' }
    } else if (service.workloads.length > 0) {
      const idle = service.workloads.map(
        ({ manifest: { kind }, name, replicas }) => `${kind} ${name} asks for ${replicas}`,
      )
      const reason = `it has no pod: ${idle.join('; ')}`
      yield { object, path: ['spec', 'selector'], reason, fix: 'scale it up, or see in its events why it makes none' }
    } else {
      const selector = Object.entries(object.content.spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`)
      const reason =
        selector.length === 0
          ? 'it has no selector, and nobody has written endpoints for it by hand'
          : `no pod has the labels of its selector (${selector.join(', ')})`
      yield { object, path: ['spec', 'selector'], reason, fix: "make it select its pods' labels" }
    }
  },
}
