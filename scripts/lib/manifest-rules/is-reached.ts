import type { Content } from '../manifests/manifest.ts'
import type { Model } from '../manifests/model.ts'
import type { Service } from '../manifests/service.ts'

/** Whether a gateway, an ingress or a mesh's route leads to a Service, so that a proxy stands before it. */
export function isReached(model: Model, service: Service): boolean {
  const known = reached.get(model) ?? servicesInRoutes(model)
  reached.set(model, known)
  return known.has(service) || Object.keys(service.manifest.metadata.annotations).some((key) => ofProxy.test(key))
}

/** Looked for once in a model. */
const reached = new WeakMap<Model, ReadonlySet<Service>>()

/** Every Service that stands anywhere in a route of any proxy: each has its own way to name one. */
function servicesInRoutes(model: Model): Set<Service> {
  const found = new Set<Service>()
  for (const { kind, metadata, content } of model.objects) {
    if (!routes.test(kind)) continue
    for (const { text, namespace } of namesIn(content.spec, metadata.namespace)) {
      const service = model.serviceNamed(text.replace(/^\w+:\/\//, '').replace(/:\d+$/, ''), namespace)
      if (service) found.add(service)
    }
  }
  return found
}

const routes = /^(.*Route|Ingress|IngressRoute.*|HTTPProxy|Mapping|VirtualServer|VirtualService|VirtualHost|Upstream)$/

/** Annotations by which proxies are told how to speak to a Service. */
const ofProxy =
  /^([\w-]+\.)?(traefik\.io|traefik\.ingress\.kubernetes\.io|konghq\.com|getambassador\.io|projectcontour\.io)\//

/** All texts in a value, and the namespace that the map around each names. */
function namesIn(value: Content, namespace: string): { text: string; namespace: string }[] {
  if (typeof value === 'string') return [{ text: value, namespace }]
  if (typeof value !== 'object' || value === null) return []
  const inside = typeof value.namespace === 'string' ? value.namespace : namespace
  return Object.values(value).flatMap((each) => namesIn(each, inside))
}
