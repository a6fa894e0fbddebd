import { type Content, type Manifest, titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { listOf } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** ingress-nginx has to be told of gRPC, and must not be sent to the virtual IP. */
export const ingressGrpc: ManifestRule = {
  id: 'ingress-grpc',
  title: 'ingress-nginx speaks HTTP/1.1 to what is behind it unless it is told otherwise',
  why: `ingress-nginx speaks HTTP/1.1 to the pods, whatever their port is called, unless the annotation \`backend-protocol\` of the
Ingress says \`GRPC\` (or \`GRPCS\`). A gRPC server hangs up on that and clients get an error of 502 for every call.

It knows the addresses of the pods and balances calls over them. With \`service-upstream: "true"\` it sends all to the Service's
virtual IP in their place, over connections that it keeps open: then connections are balanced, not calls. That annotation is for
an ingress whose own pods are in a mesh, where the proxy beside it does the balancing.`,
  cure: `- \`nginx.ingress.kubernetes.io/backend-protocol: GRPC\`. It is for all paths of an Ingress: those of HTTP belong into one of their own;
- no \`service-upstream\`, unless a mesh's proxy stands beside the ingress.`,
  sources: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#backend-protocol',
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#service-upstream',
    'https://kubernetes.github.io/ingress-nginx/examples/grpc/',
    'https://github.com/kubernetes/ingress-nginx/issues/2284',
  ],
  *check(model) {
    for (const ingress of model.ofKind('Ingress').filter(isOfNginx)) {
      const backends = backendsOf(model, ingress)
      const ofGrpc = backends.filter(({ evidence }) => evidence !== undefined)
      const [first] = ofGrpc
      if (first === undefined) continue
      if (!/^GRPCS?$/i.test(annotation(ingress, 'backend-protocol')))
        yield ofProtocol(ingress, first, ofGrpc.length === backends.length)
      if (annotation(ingress, 'service-upstream') === 'true' && !isMeshed(model, first.service))
        yield ofUpstream(ingress, first)
    }
  },
}

interface Backend {
  readonly service: Service
  readonly port: ServicePort
  readonly evidence: string | undefined
}

const prefix = 'nginx.ingress.kubernetes.io/'

const annotation = ({ metadata }: Manifest, name: string): string => (metadata.annotations[prefix + name] ?? '').trim()

/** Whether it is for ingress-nginx, as far as an Ingress says: by its class, or by annotations that only that one reads. */
function isOfNginx({ metadata, content }: Manifest): boolean {
  const className = content.spec?.ingressClassName ?? metadata.annotations['kubernetes.io/ingress.class']
  if (Object.keys(metadata.annotations).some((key) => /^nginx\.(org|com)\//.test(key))) return false
  const own = Object.keys(metadata.annotations).some((key) => key.startsWith(prefix))
  return className === undefined ? own : /(^|-)nginx(-|$)/.test(String(className))
}

function backendsOf(model: Model, { metadata, content }: Manifest): Backend[] {
  const paths = listOf(content.spec?.rules).flatMap((rule) => listOf(rule.http?.paths))
  const all: Content[] = [content.spec?.defaultBackend, ...paths.map(({ backend }) => backend)]
  return all.flatMap((backend) => {
    const { name, port } = backend?.service ?? {}
    const service = typeof name === 'string' ? model.serviceNamed(name, metadata.namespace) : undefined
    const found = service?.ports.find((each) => each.number === port?.number || (port?.name && each.name === port.name))
    return service && found ? [{ service, port: found, evidence: model.speaksGrpc(service, found) }] : []
  })
}

const isMeshed = (model: Model, { workloads }: Service): boolean =>
  workloads.some((workload) => model.meshOf(workload) !== undefined)

function ofProtocol(ingress: Manifest, { service, port, evidence }: Backend, alone: boolean): Violation {
  const key = `${prefix}backend-protocol`
  const said = annotation(ingress, 'backend-protocol')
  return {
    object: ingress,
    path: ['metadata', 'annotations', key],
    reason: `port ${port.number} of ${titleOf(service.manifest)} speaks gRPC (${evidence}), and ingress-nginx calls it in ${said === '' ? 'HTTP/1.1, for it is told of no other protocol' : `what ${key} says, ${said}`}`,
    fix: `set the annotation ${key} to GRPC${alone ? '' : ', in an Ingress of its own, for paths of this one lead to what speaks no gRPC'}`,
    ...(alone && { patch: [objectPatch(ingress, metadataPatch(ingress, key, 'GRPC'))] }),
  }
}

function ofUpstream(ingress: Manifest, { service }: Backend): Violation {
  const key = `${prefix}service-upstream`
  return {
    object: ingress,
    path: ['metadata', 'annotations', key],
    reason: `with ${key} ingress-nginx calls the virtual IP of ${titleOf(service.manifest)} in place of its pods, so connections are balanced, not calls`,
    fix: 'take the annotation away, unless a mesh has its proxy beside the ingress',
    patch: [objectPatch(ingress, metadataPatch(ingress, key, null))],
  }
}

const metadataPatch = ({ metadata, content }: Manifest, key: string, value: string | null): object => ({
  metadata: {
    name: metadata.name,
    ...(content.metadata?.namespace && { namespace: metadata.namespace }),
    annotations: { [key]: value },
  },
})
