import { inNamespace } from './in-namespace.ts'
import type { Content, Manifest } from './manifest.ts'
import type { Model } from './model.ts'
import { appliesTo } from './selectors.ts'
import type { Service, ServicePort } from './service.ts'
import { isExportedTo, rootNamespace } from './traffic-policy.ts'
import { listOf, type Workload } from './workload.ts'

/** The resource `Sidecar` that says what the sidecars of a workload are told of; undefined when they are told of everything. */
export function sidecarFor(model: Model, { namespace, podLabels }: Workload): Manifest | undefined {
  const own = sidecarsIn(model, namespace)
  return (
    own.find((each) => selectorOf(each) !== undefined && appliesTo(selectorOf(each), podLabels)) ??
    own.find((each) => selectorOf(each) === undefined) ??
    sidecarsIn(model, rootNamespace).find((each) => selectorOf(each) === undefined)
  )
}

const sidecarsIn = (model: Model, namespace: string): Manifest[] =>
  inNamespace(model, 'Sidecar', namespace).filter(({ apiVersion }) => apiVersion.startsWith('networking.istio.io/'))

const selectorOf = ({ content }: Manifest): unknown => content.spec?.workloadSelector?.labels

/** Whether a `Sidecar` of somebody in a namespace lets it know a port of a Service. One without `egress` hides nothing. */
export function isImported({ content }: Manifest, namespace: string, service: Service, port: ServicePort): boolean {
  const listeners = listOf(content.spec?.egress)
  if (listeners.length === 0) return true
  const open = listeners.filter(({ port: only }) => only?.number === undefined || only.number === port.number)
  return open.some(({ hosts }: Content) => Array.isArray(hosts) && hosts.some((host) => fits(host, namespace, service)))
}

/** `NAMESPACE/HOST`, either of which may be `*`; `.` is the client's own namespace, `~` none. */
function fits(host: unknown, own: string, service: Service): boolean {
  const [namespace = '', name = ''] = String(host).split('/')
  if (namespace !== '*' && (namespace === '.' ? own : namespace) !== service.namespace) return false
  // A name without dots is refused by Istio, so that nothing comes of it.
  return !name.includes('.') || name === service.host || (name.startsWith('*.') && service.host.endsWith(name.slice(1)))
}

/** Whether a Service is shown to the sidecars of a namespace. */
export function isShownTo({ manifest, namespace: own }: Service, namespace: string): boolean {
  const exportTo = manifest.metadata.annotations[exportAnnotation]
  return (
    exportTo === undefined ||
    isExportedTo(
      exportTo.split(',').map((to) => to.trim()),
      own,
      namespace,
    )
  )
}

export const exportAnnotation = 'networking.istio.io/exportTo'
