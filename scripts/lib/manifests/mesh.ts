import type { Manifest } from './manifest.ts'
import type { Workload } from './workload.ts'

/** A mesh that pods can be part of; `istio` means with a sidecar. */
export type Mesh = 'istio' | 'ambient' | 'linkerd'

export const meshes: readonly Mesh[] = ['istio', 'ambient', 'linkerd']

/**
 * The mesh that pods of a workload are part of, as the meshes' own webhooks decide it; undefined for none.
 *
 * @param namespace its Namespace, where there is a manifest of it
 * @param assumed the mesh of namespaces that no manifest tells of
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 * @see https://linkerd.io/2/features/proxy-injection/
 */
export function meshOf(
  workload: Workload,
  namespace: Manifest | undefined,
  assumed: Mesh | undefined,
): Mesh | undefined {
  if (hasContainer(workload, 'istio-proxy')) return 'istio'
  if (hasContainer(workload, 'linkerd-proxy')) return 'linkerd'
  if (workload.podSpec.hostNetwork === true) return undefined
  if (isInjected(workload, namespace, assumed)) return 'istio'
  if (isAmbient(workload, namespace, assumed)) return 'ambient'
  return hasLinkerd(workload, namespace, assumed) ? 'linkerd' : undefined
}

/** What a pod says of Istio's sidecar: its label, or else the annotation that came before it. */
export const injectOf = ({ podLabels, podAnnotations }: Workload): string | undefined =>
  podLabels[injectLabel] ?? podAnnotations[injectLabel]

export const injectLabel = 'sidecar.istio.io/inject'

const hasContainer = ({ podSpec, containers }: Workload, name: string): boolean =>
  containers.some((each) => each.name === name) ||
  (podSpec.initContainers ?? []).some((each: { name?: unknown }) => each?.name === name)

function isInjected(workload: Workload, namespace: Manifest | undefined, assumed: Mesh | undefined): boolean {
  const asked = injectOf(workload)
  if (asked === 'false') return false
  const labels = namespace?.metadata.labels ?? (assumed === 'istio' ? { 'istio-injection': 'enabled' } : {})
  const injection = labels['istio-injection']
  // Any other value, `disabled` or a slip, and pods of the namespace cannot ask for a sidecar either.
  if (injection !== undefined) return injection === 'enabled'
  if (labels['istio.io/rev'] !== undefined) return true
  // The webhook looks at labels. An annotation may have been written for a namespace that nobody sees here.
  const isLabelled = workload.podLabels[injectLabel] === 'true' || workload.podLabels['istio.io/rev'] !== undefined
  return isLabelled || (namespace === undefined && asked === 'true')
}

const dataplane = 'istio.io/dataplane-mode'

function isAmbient({ podLabels }: Workload, namespace: Manifest | undefined, assumed: Mesh | undefined): boolean {
  const preset =
    namespace?.metadata.labels[dataplane] ?? (namespace === undefined && assumed === 'ambient' ? 'ambient' : '')
  return (podLabels[dataplane] ?? preset) === 'ambient'
}

const linkerdInject = 'linkerd.io/inject'

function hasLinkerd({ podAnnotations }: Workload, namespace: Manifest | undefined, assumed: Mesh | undefined): boolean {
  const preset =
    namespace?.metadata.annotations[linkerdInject] ??
    (namespace === undefined && assumed === 'linkerd' ? 'enabled' : '')
  return /^(enabled|ingress)$/.test(podAnnotations[linkerdInject] ?? preset)
}
