import type { ManifestRule } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** The last way out for a client behind a virtual IP, closed. */
export const clientIpAffinity: ManifestRule = {
  id: 'client-ip-affinity',
  title: 'sessionAffinity sends all connections of a client to one pod',
  why: `With \`sessionAffinity: ClientIP\` kube-proxy remembers which pod it gave a client's address to, for three hours by default, and
gives it the same again. Connections that end and are made anew, which is what a maximum connection age is for, then come to the pod that
they came from. For gRPC, whose connections last, it adds nothing, and calls that belong together are not recognized by it: it
knows the pod that calls, not the user. A mesh's proxies and headless Services do not heed it.`,
  cure: `Set it to \`None\`. Where calls belong together, hash a header of theirs in a mesh (\`consistentHash\`) or in the client
(\`ring_hash\`).`,
  sources: [
    'https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity',
    'https://github.com/istio/istio/issues/14017',
  ],
  *check(model) {
    for (const service of model.services) {
      const sessionAffinity: unknown = service.manifest.content.spec?.sessionAffinity
      if (sessionAffinity !== 'ClientIP' || service.isHeadless || model.grpcPorts(service).length === 0) continue
      yield {
        object: service.manifest,
        path: ['spec', 'sessionAffinity'],
        reason: `Service ${service.name} sends every connection from one client address to the same pod, so one that is made anew changes nothing`,
        fix: 'set sessionAffinity to None',
        patch: [objectPatch(service.manifest, { spec: { sessionAffinity: 'None', sessionAffinityConfig: null } })],
      }
    }
  },
}
