import type { Call } from '../manifests/calls.ts'
import { exportAnnotation, isImported, isShownTo, sidecarFor } from '../manifests/istio-scope.ts'
import type { Content, Manifest } from '../manifests/manifest.ts'
import type { Model } from '../manifests/model.ts'
import { isMap } from '../values.ts'
import { fieldPatch } from './field-patch.ts'
import type { Violation } from './manifest-rule.ts'

/** A call by way of a sidecar that does not know the Service. */
export interface HiddenCall extends Required<Pick<Violation, 'object' | 'path' | 'patch' | 'fix'>> {
  readonly call: Call
  /** Whether the sidecar lets nothing through that it does not know. What the whole mesh has as a preset is not to be seen. */
  readonly isRegistryOnly: boolean
}

/**
 * Every call to a Service that a `Sidecar`, or the Service itself, keeps from the caller's proxy, once for what is to be added to
 * either. The patch adds all that is to be added there.
 */
export function hiddenCalls(model: Model): readonly HiddenCall[] {
  const known = byModel.get(model)
  if (known) return known
  const hidden = model.calls.flatMap((call) => {
    if (model.meshOf(call.client) !== 'istio' || call.mention.scheme === 'xds') return []
    return hiddenBy(model, call) ?? []
  })
  const found = [...Map.groupBy(hidden, ({ by }) => by).values()].flatMap((group) => {
    const byAddition = new Map(group.map((each) => [each.addition, each]))
    const mended = mend(group[0]?.by, [...byAddition.keys()])
    return [...byAddition.values()].map(({ call, by, addition, isRegistryOnly }) => ({
      call,
      isRegistryOnly,
      object: by,
      fix: by.kind === 'Sidecar' ? `add ${addition} to its egress.hosts` : `export it to ${addition} as well`,
      ...mended,
    }))
  })
  byModel.set(model, found)
  return found
}

/** Two rules ask for the same. */
const byModel = new WeakMap<Model, readonly HiddenCall[]>()

interface Hidden {
  readonly call: Call
  /** A Sidecar, or the Service. */
  readonly by: Manifest
  /** A host of the Sidecar's, or a namespace that the Service is to be exported to. */
  readonly addition: string
  readonly isRegistryOnly: boolean
}

function hiddenBy(model: Model, call: Call): Hidden | undefined {
  const { client, service, port } = call
  const sidecar = sidecarFor(model, client)
  const isRegistryOnly = sidecar?.content.spec?.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY'
  if (!isShownTo(service, client.namespace)) {
    return { call, by: service.manifest, addition: client.namespace, isRegistryOnly }
  }
  if (sidecar === undefined || isImported(sidecar, client.namespace, service, port)) return undefined
  const addition = client.namespace === service.namespace ? './*' : `${service.namespace}/*`
  return { call, by: sidecar, addition, isRegistryOnly }
}

function mend(by: Manifest | undefined, additions: readonly string[]): Pick<HiddenCall, 'path' | 'patch'> {
  if (by === undefined) return { path: [], patch: [] }
  if (by.kind !== 'Sidecar') {
    const path = ['metadata', 'annotations', exportAnnotation]
    const shown = (by.metadata.annotations[exportAnnotation] ?? '').split(',').map((word) => word.trim())
    const wider = [...shown.filter((word) => word !== '~' && word !== ''), ...additions].join(',')
    return { path, patch: [fieldPatch(by, path, wider)] }
  }
  const egress: Content[] = by.content.spec.egress
  const at = egress.findIndex((listener) => isMap(listener) && (listener as Content).port?.number === undefined)
  const path = ['spec', 'egress', ...(at < 0 ? [] : [at, 'hosts'])]
  const hosts = at < 0 ? [...egress, { hosts: additions }] : [...textsIn(egress[at].hosts), ...additions]
  return { path, patch: [fieldPatch(by, path, hosts)] }
}

const textsIn = (list: unknown): unknown[] => (Array.isArray(list) ? list : [])
