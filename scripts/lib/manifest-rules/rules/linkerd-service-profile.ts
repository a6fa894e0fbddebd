import { type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { parentsOf } from '../../manifests/routes.ts'
import type { Service } from '../../manifests/service.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** Linkerd's old way switches its new ways off. */
export const linkerdServiceProfile: ManifestRule = {
  id: 'linkerd-service-profile',
  title: 'A ServiceProfile switches off the routes and retries of its Service',
  why: `Linkerd has two ways to say how calls to a Service shall go: ServiceProfiles, its own and older one, and since 2.13
routes of Gateway API with annotations on the Service. Where a Service has a ServiceProfile, proxies take that one alone:
GRPCRoutes and HTTPRoutes with the Service for their parent, and its annotations for retries, timeouts and circuit breaking, are
passed over without a word. And a ServiceProfile counts only under the full name of its Service,
\`NAME.NAMESPACE.svc.cluster.local\`: under another it says nothing to anybody.`,
  cure: `Delete the ServiceProfile, and say what it said with a GRPCRoute and with \`retry.linkerd.io/…\` and \`timeout.linkerd.io/…\` on the
Service or the route. ServiceProfiles are not developed any further.`,
  sources: [
    'https://linkerd.io/2/reference/service-profiles/',
    'https://linkerd.io/2/reference/circuit-breaking/',
    'https://linkerd.io/2/reference/retries/',
  ],
  *check(model) {
    for (const profile of model.ofKind('ServiceProfile')) {
      const service = model.serviceNamed(profile.metadata.name, profile.metadata.namespace)
      if (service === undefined) continue
      if (!profile.metadata.name.includes('.svc.')) {
        yield ofShortName(profile, service)
        continue
      }
      const off = switchedOff(model, service)
      if (off.length === 0) continue
      yield {
        object: profile,
        path: ['metadata', 'name'],
        reason: `${titleOf(profile)} makes Linkerd's proxies pass over ${off.join(', ')} of ${titleOf(service.manifest)}`,
        fix: 'delete it and say what it says with routes and annotations',
        patch: [objectPatch(profile, { $patch: 'delete' })],
      }
    }
  },
}

/** Proxies ask for it by the full name of the Service. */
const ofShortName = (profile: Manifest, { host }: Service): Violation => ({
  object: profile,
  path: ['metadata', 'name'],
  reason: `${titleOf(profile)} is looked up by no proxy, for it is not called by the full name of its Service`,
  fix: `call it ${host}, or better say what it says with routes and annotations`,
})

function switchedOff(model: Model, service: Service): string[] {
  const routes = ['GRPCRoute', 'HTTPRoute'].flatMap((kind) => model.ofKind(kind).filter((each) => isFor(each, service)))
  const annotations = Object.keys(service.manifest.metadata.annotations).filter((key) => newWays.test(key))
  return [...routes.map(titleOf), ...annotations]
}

const isFor = (route: Manifest, service: Service): boolean =>
  parentsOf(route).some(
    ({ kind, name, namespace }) => kind === 'Service' && name === service.name && namespace === service.namespace,
  )

const newWays = /^(retry|timeout|balancer(\.alpha)?)\.linkerd\.io\//
