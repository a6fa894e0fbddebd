import type { Manifest } from '../../chart/helm.ts'

/** What Kiali finds wrong with an object. */
export interface Finding {
  /** Such as KIA0601; https://kiali.io/docs/features/validations tells of each. */
  readonly code: string
  /** `Kind name`. */
  readonly object: string
}

type Labels = Readonly<Record<string, string>>

/** Objects of one namespace, as Kiali's validations look at them: checkers in business/checkers of github.com/kiali/kiali. */
export class MeshConfig {
  readonly namespace: string
  readonly services: readonly Manifest[]
  /** Deployments, StatefulSets and the like. */
  readonly workloads: readonly Manifest[]
  private readonly objects: readonly Manifest[]

  constructor(objects: readonly Manifest[]) {
    this.objects = objects
    this.services = this.ofKind('Service')
    this.workloads = objects.filter(({ spec }) => spec?.template?.spec?.containers)
    this.namespace = objects[0]?.metadata.namespace ?? ''
  }

  ofKind(kind: string): Manifest[] {
    return this.objects.filter((object) => object.kind === kind)
  }

  /** The Service that a host means: by its short name in this namespace, or by its full one. */
  serviceOf(host: string): Manifest | undefined {
    const [name, namespace = this.namespace] = host.split('.')
    return namespace === this.namespace ? this.services.find(({ metadata }) => metadata.name === name) : undefined
  }

  /** Whether a host is in another namespace, of which nothing is known here. */
  isElsewhere(host: string): boolean {
    const [, namespace = this.namespace] = host.split('.')
    return namespace !== this.namespace
  }

  /** Labels of the pods of each workload behind a Service. */
  podLabelsBehind(service: Manifest): Labels[] {
    const all = this.workloads.map(({ spec }): Labels => spec.template.metadata?.labels ?? {})
    return all.filter((labels) => matches(service.spec.selector, labels))
  }

  /** Whether the namespace is one of ambient: its pods say so, where its own labels are not known. */
  get ambient(): boolean {
    const mode = 'istio.io/dataplane-mode'
    return this.workloads.some(({ spec }) => spec.template.metadata?.labels?.[mode] === 'ambient')
  }
}

export const matches = (selector: Labels | undefined, labels: Labels): boolean =>
  selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value)

export const found = (code: string, { kind, metadata }: Manifest): Finding => ({
  code,
  object: `${kind} ${metadata.name}`,
})
