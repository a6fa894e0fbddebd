import type { Call } from '../../manifests/calls.ts'
import { istioService } from '../../manifests/istio-host.ts'
import { type Manifest, titleOf } from '../../manifests/manifest.ts'
import { type Setting, settingsOf } from '../../manifests/mentions.ts'
import type { Model } from '../../manifests/model.ts'
import type { Service } from '../../manifests/service.ts'
import { listOf } from '../../manifests/workload.ts'
import { argsOf, isEcho } from '../echo-options.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** Two layers that do not know of each other. */
export const retriesMultiply: ManifestRule = {
  id: 'retries-multiply',
  title: 'Retries of the client and of its proxy multiply',
  why: `A client whose service config has a \`retryPolicy\` makes several attempts at a call that ends UNAVAILABLE. Its proxy does the same
with each of them: Istio retries twice even when nobody asked for it. Measured against a Service that refuses connections: 4 attempts of the
client behind a sidecar are 12 connections a call, 16 with a VirtualService of \`attempts: 3\`, and 4 with \`attempts: 0\`. So a Service that
cannot keep up gets a dozen times its load when it can bear it least, and calls that are not safe to repeat are repeated.`,
  cure: `Retry in one place. The client knows which methods are safe to repeat and has a budget (\`retryThrottling\`): turn the proxy's off, with a
VirtualService of \`retries: {attempts: 0}\`. Or leave it to the proxy, which tries another pod, and take the \`retryPolicy\` away.`,
  sources: [
    'https://istio.io/latest/docs/concepts/traffic-management/#retries',
    'https://grpc.io/docs/guides/retry/',
    'https://linkerd.io/2/reference/retries/',
    'https://sre.google/sre-book/addressing-cascading-failures/',
  ],
  *check(model) {
    const routes = meshRoutes(model)
    for (const call of model.calls) {
      const own = attemptsOf(model, call)
      if (own === undefined) continue
      const mesh = model.meshOf(call.client)
      if (mesh === 'istio') yield* ofIstio(routes.get(call.service), call, own)
      if (mesh === 'linkerd') yield* ofLinkerd(call, own)
    }
  },
}

/** What a client is told of attempts, and where. */
interface Attempts {
  readonly count: number
  readonly at: Setting
}

function attemptsOf(model: Model, { client, container }: Call): Attempts | undefined {
  const settings = settingsOf(container, client, (name) => model.configMap(name, client.namespace))
  const words = isEcho(container) ? argsOf(container) : []
  for (const at of settings) {
    const option = /^--max-attempts(?:=(\d+))?$/.exec(at.text)
    const next = option && words[Number(at.path.at(-1)) + 1]
    const [, count] = /\\?"maxAttempts\\?"\s*:\s*(\d+)/.exec(at.text) ?? []
    const found = Number(count ?? (option && (option[1] ?? next)) ?? 0)
    if (found > 1) return { count: found, at }
  }
  return undefined
}

function* ofIstio(
  route: Manifest | undefined,
  { client, service }: Call,
  { count, at }: Attempts,
): Iterable<Violation> {
  const all = listOf(route?.content.spec?.http)
  const attempts = route ? Math.max(0, ...all.map(({ retries }) => retriesIn(retries))) : retriesIn(undefined)
  if (attempts === 0) return
  const who = route ? titleOf(route) : "Istio's sidecar, which nobody told otherwise,"
  yield {
    object: at.object,
    path: at.path,
    reason: `${titleOf(client.manifest)} makes ${count} attempts at a call, and ${who} makes ${attempts + 1} of each, so a failing call is made ${count * (attempts + 1)} times`,
    fix: "retry in one place: turn the proxy's off by retries: {attempts: 0}, or the client's",
    patch: [withoutRetries(route, service)],
  }
}

/** The VirtualServices that sidecars heed, by the Service that each is for. */
function meshRoutes(model: Model): Map<Service, Manifest> {
  const routes = new Map<Service, Manifest>()
  for (const route of model.ofKind('VirtualService')) {
    const { hosts } = route.content.spec ?? {}
    if (!Array.isArray(hosts) || !isForMesh(route.content.spec)) continue
    for (const host of hosts) {
      const service = istioService(model, host, route.metadata.namespace)
      if (service && !routes.has(service)) routes.set(service, route)
    }
  }
  return routes
}

/** Istio's own preset is 2. */
const retriesIn = (retries: { attempts?: unknown } | undefined): number =>
  typeof retries?.attempts === 'number' ? retries.attempts : 2

const isForMesh = (spec: { gateways?: unknown } | undefined): boolean =>
  !Array.isArray(spec?.gateways) || spec.gateways.includes('mesh')

function withoutRetries(route: Manifest | undefined, service: Service): object {
  const retries = { attempts: 0 }
  if (route) {
    const http = listOf(route.content.spec?.http).map((each) => ({ ...each, retries }))
    return fieldPatch(route, ['spec', 'http'], http)
  }
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service.name, namespace: service.namespace },
    spec: { hosts: [service.host], http: [{ route: [{ destination: { host: service.host } }], retries }] },
  }
}

const linkerdRetry = 'retry.linkerd.io/grpc'

function* ofLinkerd({ client, service }: Call, { count, at }: Attempts): Iterable<Violation> {
  const { manifest } = service
  if (manifest.metadata.annotations[linkerdRetry] === undefined) return
  const limit = Number(manifest.metadata.annotations['retry.linkerd.io/limit'] ?? 1)
  yield {
    object: at.object,
    path: at.path,
    reason: `${titleOf(client.manifest)} makes ${count} attempts at a call, and Linkerd, by ${linkerdRetry} of ${titleOf(manifest)}, makes ${limit + 1} of each, so a failing call is made ${count * (limit + 1)} times`,
    fix: `retry in one place: take the annotation or the client's retryPolicy away`,
    patch: [{ ...objectPatch(manifest, {}), metadata: { ...named(manifest), annotations: { [linkerdRetry]: null } } }],
  }
}

const named = ({ content }: Manifest): object => ({
  name: content.metadata.name,
  ...(content.metadata.namespace && { namespace: content.metadata.namespace }),
})
