import type { Path } from '../../manifests/manifest.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { ServicePort } from '../../manifests/service.ts'
import type { Workload } from '../../manifests/workload.ts'
import type { ManifestRule } from '../manifest-rule.ts'
import { lastingCalls } from '../own-calls.ts'
import { podPatch } from '../patches.ts'
import { podsOf } from '../pods-of.ts'

/** There is a proxy, and calls go around it. */
export const proxyBypassed: ManifestRule = {
  id: 'proxy-bypassed',
  title: 'Annotations take calls past the sidecar',
  proof: { before: 'pinned', after: 'even' },
  why: `A sidecar sees what iptables hand it, and annotations of the pod say what that is. A port in
\`traffic.sidecar.istio.io/excludeOutboundPorts\`, or an empty \`includeOutboundIPRanges\`, and the client's connection
goes straight to the virtual IP: it is pinned to one pod, in plain text, and no metric of the mesh counts it. Such
annotations are often copied from a database's port, or written for a server that had trouble with the mesh once.`,
  cure: `Take the port out of \`excludeOutboundPorts\`; where only some addresses are to be captured name the port in
\`includeOutboundPorts\`. Then restart the pods: iptables are written when they start.`,
  sources: [
    'https://istio.io/latest/docs/reference/config/annotations/',
    'https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/#direct-access-to-external-services',
  ],
  *check(model) {
    for (const service of model.services) {
      if (service.isHeadless || service.workloads.length === 0) continue
      for (const { client, port, mention } of lastingCalls(model, service)) {
        const past = model.meshOf(client) === 'istio' ? wayPast(client, port) : undefined
        if (past === undefined) continue
        const { name, without } = past
        yield {
          object: client.manifest,
          path: annotationPath(client, name),
          reason: `${name}: ${JSON.stringify(client.podAnnotations[name])} takes what ${titleOf(client.manifest)} sends to ${mention.target} past its sidecar, and over its one connection all calls are served by one of ${podsOf(service)}`,
          fix: without === null ? 'remove the annotation' : `leave ${JSON.stringify(without)}`,
          patch: [podPatch(client, { metadata: { annotations: { [name]: without } } })],
          unsure: service.maxReplicas < 2,
        }
      }
    }
  },
}

const traffic = 'traffic.sidecar.istio.io'

/** The annotation that keeps the sidecar from seeing connections to a port, and what of it may stay; undefined for none. */
function wayPast(
  { podAnnotations }: Workload,
  { number }: ServicePort,
): { name: string; without: string | null } | undefined {
  const listIn = (name: string): string[] | undefined => podAnnotations[name]?.split(',').map((word) => word.trim())
  const excluded = `${traffic}/excludeOutboundPorts`
  const ports = listIn(excluded)
  if (ports?.some((port) => Number(port) === number)) {
    const others = ports.filter((port) => Number(port) !== number)
    return { name: excluded, without: others.join(',') || null }
  }
  const ranges = `${traffic}/excludeOutboundIPRanges`
  if (listIn(ranges)?.includes('0.0.0.0/0')) return { name: ranges, without: null }
  const included = `${traffic}/includeOutboundIPRanges`
  const only = listIn(`${traffic}/includeOutboundPorts`)
  if (podAnnotations[included]?.trim() === '' && !only?.some((port) => port === '*' || Number(port) === number)) {
    return { name: included, without: null }
  }
  return undefined
}

const annotationPath = ({ templatePath }: Workload, name: string): Path => [
  ...templatePath,
  'metadata',
  'annotations',
  name,
]
