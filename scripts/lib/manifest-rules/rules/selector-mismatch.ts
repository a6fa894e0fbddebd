import { titleOf } from '../../manifests/manifest.ts'
import type { Model } from '../../manifests/model.ts'
import { nearMiss } from '../../manifests/near-miss.ts'
import { labelsOf } from '../../manifests/selectors.ts'
import type { Service, ServicePort } from '../../manifests/service.ts'
import { portNumber, type Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { objectPatch } from '../patches.ts'

/** A Service with nobody behind it, by a label. */
export const selectorMismatch: ManifestRule = {
  id: 'selector-mismatch',
  title: 'A Service selects no pod, for one label differs',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A Service has for endpoints the ready pods that carry every label of its \`spec.selector\`, each with the same value. One label
too many, or one letter wrong, and it has none. Kubernetes takes such a Service without a word: there may be pods of these labels
later. Its virtual IP refuses connections, a headless one's name has no address, and every call ends UNAVAILABLE.`,
  cure: `Make the selector ask for labels that the pods have: those of the workload's \`spec.template.metadata.labels\`, not those of the
workload itself. Change the Service rather than the workload, whose own selector cannot be changed once it is there.
\`kubectl get endpointslices -l kubernetes.io/service-name=NAME\` shows whom a Service has found.`,
  sources: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
    'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#does-the-service-have-any-endpoints',
  ],
  *check(model) {
    for (const service of model.services) {
      const [port] = service.workloads.length === 0 ? model.grpcPorts(service) : []
      const found = port && meantBy(model, service, port)
      if (found) yield violation(service, found)
    }
  },
}

interface Meant {
  readonly workload: Workload
  /** The label of the selector that it has not. */
  readonly label: string
}

/**
 * The workload that was meant, if there is no doubt: the only one that is in no Service, has the port that this one leads to, and
 * all but one of its labels. Pods that an operator makes look much like that, but are not the pods of a workload that is here.
 */
function meantBy(model: Model, { manifest, namespace }: Service, { targetPort }: ServicePort): Meant | undefined {
  const selector = labelsOf(manifest.content.spec?.selector)
  const near = model.workloads.flatMap((workload) => {
    if (workload.namespace !== namespace || workload.isJob || model.servicesOver(workload).length > 0) return []
    const label = nearMiss(selector, workload.podLabels)
    return label !== undefined && hasPort(workload, targetPort) ? [{ workload, label }] : []
  })
  const [only, other] = near
  return other === undefined ? only : undefined
}

function hasPort(workload: Workload, port: string | number): boolean {
  const number = portNumber(workload, port)
  return workload.containers.some(({ ports }) => ports.some((declared) => declared.number === number))
}

function violation({ manifest, name }: Service, { workload, label }: Meant): Violation {
  const wanted = labelsOf(manifest.content.spec.selector)[label]
  const has = workload.podLabels[label]
  return {
    object: manifest,
    path: ['spec', 'selector', label],
    reason: `Service ${name} selects pods with ${label}=${wanted}, and those of ${titleOf(workload.manifest)} have ${has === undefined ? 'no such label' : `${label}=${has}`}, so it has no endpoints and every call fails`,
    fix: has === undefined ? `leave ${label} out of the selector` : `select ${label}: ${has}`,
    patch: [objectPatch(manifest, { spec: { selector: { [label]: has ?? null } } })],
  }
}
