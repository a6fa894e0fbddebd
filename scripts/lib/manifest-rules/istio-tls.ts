import type { Content } from '../manifests/manifest.ts'
import type { Model } from '../manifests/model.ts'
import type { Service, ServicePort } from '../manifests/service.ts'
import { policiesOf, type TrafficPolicy } from '../manifests/traffic-policy.ts'

/** What a DestinationRule says of the encryption of calls to a gRPC port. */
export interface IstioTls {
  readonly policy: TrafficPolicy
  readonly service: Service
  readonly port: ServicePort
  /** DISABLE, SIMPLE, MUTUAL or ISTIO_MUTUAL; DISABLE also where it is left out. */
  readonly mode: string
}

/** Every such policy that sidecars follow, once for a Service. */
export function istioTls(model: Model): IstioTls[] {
  if (model.ofKind('DestinationRule').length === 0) return []
  return model.services.flatMap((service) => {
    const found = model.grpcPorts(service).flatMap((port) => {
      const calls = model.callsTo(service).filter((call) => call.port === port)
      const clients = calls.map(({ client }) => client).filter((client) => model.meshOf(client) === 'istio')
      // Whoever is known to call has no sidecar, which alone would read the rule.
      if (calls.length > 0 && clients.length === 0) return []
      const policies = policiesOf(model, service, port, clients)
        .map(whereTlsIs)
        .filter(({ fields }) => fields.tls != null)
      return policies.map((policy) => ({ policy, service, port, mode: modeOf(policy.fields) }))
    })
    return [...new Map(found.map((each) => [each.policy.fields, each])).values()]
  })
}

/** What a policy has sidecars speak; undefined where they find out by themselves. */
export function tlsModeOf(policy: TrafficPolicy): string | undefined {
  const { fields } = whereTlsIs(policy)
  return fields.tls == null ? undefined : modeOf(fields)
}

/**
 * Settings of a port replace all others, so that a port without `tls` has none, but for DISABLE, which holds for the whole host: sidecars
 * then do not find out by themselves who speaks mutual TLS. Both measured with Istio 1.31.
 */
function whereTlsIs({ rule, path, fields }: TrafficPolicy): TrafficPolicy {
  const { trafficPolicy } = rule.content.spec
  const isOff = trafficPolicy.tls != null && modeOf(trafficPolicy) === 'DISABLE'
  return fields.tls == null && isOff
    ? { rule, path: ['spec', 'trafficPolicy'], fields: trafficPolicy }
    : { rule, path, fields }
}

const modeOf = ({ tls }: Content): string => String(tls.mode ?? 'DISABLE')
