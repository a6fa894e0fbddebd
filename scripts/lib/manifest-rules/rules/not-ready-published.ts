import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import type { Service } from '../../manifests/service.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { lastingCalls } from '../own-calls.ts'
import { objectPatch } from '../patches.ts'

/** Readiness probes that nobody heeds. */
export const notReadyPublished: ManifestRule = {
  id: 'not-ready-published',
  title: 'A Service has pods that are not ready among its endpoints',
  why: `With \`publishNotReadyAddresses: true\` a Service has every pod for an endpoint from the moment that it has an address to the
moment that it is gone: those whose server still starts, those whose readiness probe fails, those that drain. It is meant for the
members of a cluster that have to find each other before any is ready. A client that balances over it sends calls to pods that
asked for none.`,
  cure: `Leave \`publishNotReadyAddresses\` out of the Service that clients call, and keep a Service of its own with it for the members of
the cluster, if they need one.`,
  sources: [
    'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-status',
  ],
  *check(model) {
    for (const service of model.services) {
      if (service.manifest.content.spec?.publishNotReadyAddresses === true && isForClients(model, service))
        yield violation(model, service)
    }
  },
}

/** Whether clients are told of it, or have no other Service of these pods. */
const isForClients = (model: Model, service: Service): boolean =>
  lastingCalls(model, service).length > 0 ||
  (model.grpcPorts(service).length > 0 && service.workloads.length > 0 && model.twinsOf(service).length === 0)

function violation(model: Model, service: Service): Violation {
  const { manifest, name } = service
  const callers = [...new Set(lastingCalls(model, service).map(({ client }) => titleOf(client.manifest)))]
  const who = callers.length > 0 ? callers.join(' and ') : 'whoever calls it'
  return {
    object: manifest,
    path: ['spec', 'publishNotReadyAddresses'],
    reason: `Service ${name} has pods that are not ready among its endpoints, so ${who} may be sent to a server that still starts, or fails its readiness probe`,
    fix: 'leave publishNotReadyAddresses out, or have clients call a Service without it',
    patch: [objectPatch(manifest, { spec: { publishNotReadyAddresses: null } })],
  }
}
