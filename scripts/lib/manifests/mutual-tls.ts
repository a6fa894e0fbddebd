import { inNamespace } from './in-namespace.ts'
import { inboundBypass } from './inbound-capture.ts'
import type { Manifest, Path } from './manifest.ts'
import type { Model } from './model.ts'
import { appliesTo } from './selectors.ts'
import type { Service, ServicePort } from './service.ts'
import { rootNamespace } from './traffic-policy.ts'
import { portNumber, type Workload } from './workload.ts'

/** What Istio's sidecars ask of whoever calls their pods. */
export interface MutualTls {
  /** STRICT: a certificate of the mesh · PERMISSIVE, Istio's own preset: either · DISABLE: plain text. */
  readonly mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE'
  /** The PeerAuthentication that says so, and where; undefined when none does. */
  readonly policy?: Manifest
  readonly path?: Path
}

/**
 * What the sidecars of a workload ask at one of its pods' ports: what is said of the port goes before what is said of the workload,
 * of the namespace and of the mesh, and UNSET means what is around it.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export function mutualTlsOf(model: Model, { namespace, podLabels }: Workload, port: number | undefined): MutualTls {
  const own = inNamespace(model, 'PeerAuthentication', namespace)
  const ofWorkload =
    namespace === rootNamespace
      ? undefined
      : own.find((each) => hasSelector(each) && appliesTo(labelsIn(each), podLabels))
  const ofNamespace = own.find((each) => !hasSelector(each))
  const ofMesh = inNamespace(model, 'PeerAuthentication', rootNamespace).find((each) => !hasSelector(each))
  const said = [
    ...(ofWorkload && port !== undefined ? [at(ofWorkload, ['spec', 'portLevelMtls', String(port), 'mode'])] : []),
    ...[ofWorkload, ofNamespace, ofMesh].map((policy) => policy && at(policy, ['spec', 'mtls', 'mode'])),
  ]
  return said.find((each) => each !== undefined) ?? { mode: 'PERMISSIVE' }
}

/** What all sidecars behind a port of a Service ask for, if it is STRICT; undefined when any pod takes plain text there. */
export function strictBehind(model: Model, service: Service, { targetPort }: ServicePort): MutualTls | undefined {
  const asked = service.workloads.map((workload): MutualTls => {
    const port = portNumber(workload, targetPort)
    const seesIt = model.meshOf(workload) === 'istio' && inboundBypass(workload, port) === undefined
    return seesIt ? mutualTlsOf(model, workload, port) : { mode: 'DISABLE' }
  })
  return asked.every(({ mode }) => mode === 'STRICT') ? asked[0] : undefined
}

function at(policy: Manifest, path: Path): MutualTls | undefined {
  const mode = path.reduce((inner, key) => inner?.[key], policy.content)
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? { mode, policy, path } : undefined
}

const labelsIn = ({ content }: Manifest): unknown => content.spec?.selector?.matchLabels

const hasSelector = (policy: Manifest): boolean => Object.keys(labelsIn(policy) ?? {}).length > 0
