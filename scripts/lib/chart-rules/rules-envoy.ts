import type { ChartValues } from './chart-values.ts'
import { clientArgs, headless, kindOf, meshOf, mode, ports, target } from './facts.ts'
import { type RuleCheck, type RuleChecks, type Violation, when } from './rule-check.ts'

/** The static Envoy beside a client. */
export const envoyRules = {
  'envoy-upstream': withEnvoy((values) => when(mode(values) === 'client' && !values.client.envoySidecar.upstreamHost)),

  'envoy-headless': withEnvoy((values) => {
    const own = mode(values) === 'server' && kindOf(values, 'client') && !values.client.envoySidecar.upstreamHost
    return when(own && !headless(values))
  }),

  'envoy-client': withEnvoy((values) => when(!kindOf(values, 'client'))),

  'envoy-target': withEnvoy((values) => when(kindOf(values, 'client') && target(values))),

  'envoy-args': withEnvoy((values) => {
    const { path, args } = clientArgs(values)
    return when(kindOf(values, 'client') && args.includes('-h'), { path })
  }),

  // Ambient passes whole connections on, so an Envoy that balances over the pods' own addresses is of use there.
  'envoy-mesh': withEnvoy((values) =>
    when(kindOf(values, 'client') && ['istio', 'linkerd'].includes(meshOf(values, 'client'))),
  ),

  'envoy-port': withEnvoy((values) => (kindOf(values, 'client') ? portsTakenTwice(values) : [])),
} satisfies RuleChecks

function withEnvoy(check: RuleCheck): RuleCheck {
  return (values, release) => (values.client.envoySidecar.enabled ? check(values, release) : [])
}

function portsTakenTwice(values: ChartValues): Violation[] {
  const taken = new Map(
    [...ports(values, 'client')].map(([name, { containerPort }]) => [containerPort, `ports.${name}`]),
  )
  return (['port', 'adminPort', 'statsPort'] as const).flatMap((key) => {
    const number = values.client.envoySidecar[key]
    const other = taken.get(number)
    taken.set(number, `client.envoySidecar.${key}`)
    return other === undefined ? [] : [{ key, number, other }]
  })
}
