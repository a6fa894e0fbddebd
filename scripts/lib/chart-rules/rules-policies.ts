import type { Caller } from './chart-values.ts'
import { mesh, mode } from './facts.ts'
import { askedFor, entriesOf, isSet, type RuleChecks, type Violation, when } from './rule-check.ts'

/** Who may call. */
export const policyRules = {
  'authorization-empty': (values) => {
    const { enabled, authorizationPolicy: policy } = values.istio
    const isOn = mode(values) === 'server' && enabled && policy.enabled && policy.action === 'ALLOW'
    const names = Object.values(policy.allowFrom ?? {}).some(isSet)
    return when(isOn && !names && !isSet(policy.rules))
  },

  'authorization-caller': (values) => {
    const { enabled, authorizationPolicy: policy } = values.istio
    if (mode(values) !== 'server' || !enabled || !policy.enabled) return []
    return entriesOf<Caller>(policy.allowFrom).flatMap(([caller, its]) =>
      when(![its.serviceAccounts, its.namespaces, its.principals, its.methods].some(isSet), { caller }),
    )
  },

  'sidecar-policy': (values) => {
    const { sidecar, authorizationPolicy, peerAuthentication } = values.istio
    if (mode(values) !== 'server' || mesh(values) !== 'istio' || sidecar.inject?.includes('server')) return []
    const asks = {
      'authorizationPolicy.enabled': authorizationPolicy.enabled,
      'peerAuthentication.mode': ['STRICT', 'PERMISSIVE'].includes(peerAuthentication.mode ?? ''),
      'peerAuthentication.portLevel': peerAuthentication.portLevel,
    }
    return askedFor(asks, 'path', 'istio.')
  },

  // Whoever has written down who may call takes the rest for kept out.
  'policy-off': ({ istio: { authorizationPolicy: policy }, networkPolicy: network }) => {
    return [
      ...unheard('istio.authorizationPolicy', policy.enabled, { allowFrom: policy.allowFrom, rules: policy.rules }),
      ...unheard('networkPolicy', network.enabled, {
        'egress.enabled': network.egress.enabled,
        from: network.from,
        metricsFrom: network.metricsFrom,
      }),
      ...unheard('networkPolicy.egress', network.egress.enabled, { to: network.egress.to }),
    ]
  },
} satisfies RuleChecks

const unheard = (of: string, isOn: boolean, said: Readonly<Record<string, unknown>>): readonly Violation[] =>
  isOn ? [] : askedFor(said, 'path', `${of}.`).map((words) => ({ ...words, switch: `${of}.enabled` }))
