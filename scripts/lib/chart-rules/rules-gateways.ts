import { mode } from './facts.ts'
import { type RuleChecks, when } from './rule-check.ts'

/** Gateways, and what is attached to their routes. */
export const gatewayRules = {
  'gateway-class': (values) => {
    const { create, className } = values.gatewayApi.gateway
    return when(mode(values) === 'server' && create && !className)
  },

  'route-parent': (values) => {
    const { grpcRoute, gateway } = values.gatewayApi
    return when(mode(values) === 'server' && grpcRoute.enabled && !grpcRoute.parentRefs?.length && !gateway.create)
  },

  'gateway-policy': (values) => {
    const { envoyGateway, grpcRoute } = values.gatewayApi
    return when(mode(values) === 'server' && envoyGateway.backendTrafficPolicy.enabled && !grpcRoute.enabled)
  },

  'backend-tls': (values) => {
    const { enabled, hostname, caCertificateRefs, wellKnownCACertificates } = values.gatewayApi.backendTlsPolicy
    if (mode(values) !== 'server' || !enabled) return []
    const signers = [caCertificateRefs?.length, wellKnownCACertificates].filter(Boolean).length
    return [
      ...when(!hostname, { problem: "nobody says which name is in the pods' certificate" }),
      ...when(signers === 2, { problem: 'caCertificateRefs and wellKnownCACertificates exclude each other' }),
      ...when(signers === 0, { problem: "nobody says who signed the pods' certificate" }),
    ]
  },
} satisfies RuleChecks
