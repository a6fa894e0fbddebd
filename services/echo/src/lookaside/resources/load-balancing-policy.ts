import type { Policy } from '../config/lookaside-config.ts'
import { typeUrl } from '../resource-types.ts'
import { structOf } from './struct.ts'

/** How a cluster spreads its calls, as fields of a Cluster. Every client takes the first policy of a list that it knows. */
export function policyFields({ name, settings }: Policy): object {
  return fieldsOf[name](settings)
}

type Settings = Readonly<Record<string, unknown>>

const fieldsOf: Readonly<Record<Policy['name'], (settings: Settings) => object>> = {
  round_robin: () => ({ lb_policy: 'ROUND_ROBIN', ...envoyByLocality }),

  least_request: (settings) =>
    firstKnown(
      // Envoy takes no child but a weighted round robin in WrrLocality, and refuses the cluster: so what only Envoy knows by this
      // name stands before it.
      ownPolicy(leastRequestType, {
        ...leastRequestJson(settings),
        localityLbConfig: { localityWeightedLbConfig: {} },
      }),
      byLocality(
        ownPolicy('least_request', settings),
        extension(leastRequestType, { choice_count: { value: settings.choiceCount ?? 2 } }),
        extension(roundRobinType),
      ),
    ),

  ring_hash_experimental: ({ minRingSize, maxRingSize }) => ({
    lb_policy: 'RING_HASH',
    ring_hash_lb_config: {
      ...(minRingSize !== undefined && { minimum_ring_size: { value: minRingSize } }),
      ...(maxRingSize !== undefined && { maximum_ring_size: { value: maxRingSize } }),
    },
    ...envoyByLocality,
  }),

  evenly_weighted_round_robin: (settings) =>
    firstKnown(
      byLocality(
        ownPolicy('evenly_weighted_round_robin', settings),
        extension(weightedRoundRobinType, weightedRoundRobinFields(settings)),
        extension(roundRobinType),
      ),
    ),

  // Envoy has no such policy.
  pick_first: (settings) =>
    firstKnown(ownPolicy('pick_first', settings), extension(pickFirstType), extension(roundRobinType)),
}

/** gRPC clients go by the weights of localities anyway. */
const envoyByLocality = { common_lb_config: { locality_weighted_lb_config: {} } }

const policies = 'envoy.extensions.load_balancing_policies'
const wrrLocalityType = `${policies}.wrr_locality.v3.WrrLocality`
const leastRequestType = `${policies}.least_request.v3.LeastRequest`
const roundRobinType = `${policies}.round_robin.v3.RoundRobin`
const pickFirstType = `${policies}.pick_first.v3.PickFirst`
const weightedRoundRobinType = `${policies}.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin`

const firstKnown = (...list: object[]): object => ({ load_balancing_policy: listOf(list) })

const listOf = (list: readonly object[]): object => ({
  policies: list.map((typed_extension_config) => ({ typed_extension_config })),
})

/** Chooses a locality by weight, then one of its endpoints. */
const byLocality = (...list: object[]): object => extension(wrrLocalityType, { endpoint_picking_policy: listOf(list) })

const extension = (type: string, message: object = {}): object => ({
  name: type,
  typed_config: { '@type': typeUrl(type), ...message },
})

/** A policy that no proto describes, by the name that a client has it under, with settings as in a service config. */
const ownPolicy = (name: string, settings: Settings): object => ({
  name,
  typed_config: { '@type': typeUrl('xds.type.v3.TypedStruct'), type_url: typeUrl(name), value: structOf(settings) },
})

/** Envoy's settings, as its JSON writes them. */
function leastRequestJson({ choiceCount, activeRequestBias, slowStart }: Settings): Settings {
  const runtime = (value: unknown, key: string) => ({ defaultValue: value, runtimeKey: `evenly.${key}` })
  const start = slowStart as Settings | undefined
  return {
    choiceCount: choiceCount ?? 2,
    ...(activeRequestBias !== undefined && { activeRequestBias: runtime(activeRequestBias, 'active_request_bias') }),
    ...(start && {
      slowStartConfig: {
        slowStartWindow: start.window,
        aggression: runtime(start.aggression ?? 1, 'slow_start_aggression'),
        minWeightPercent: { value: start.minWeightPercent ?? 10 },
      },
    }),
  }
}

function weightedRoundRobinFields(settings: Settings): object {
  const duration = (key: string, field: string) =>
    typeof settings[key] === 'string' ? { [field]: durationOf(settings[key]) } : {}
  return {
    enable_oob_load_report: { value: true },
    ...duration('reportingPeriod', 'oob_reporting_period'),
    ...duration('blackoutPeriod', 'blackout_period'),
    ...duration('weightExpirationPeriod', 'weight_expiration_period'),
    ...duration('weightUpdatePeriod', 'weight_update_period'),
    ...(settings.errorUtilizationPenalty !== undefined && {
      error_utilization_penalty: { value: settings.errorUtilizationPenalty },
    }),
  }
}

function durationOf(text: string): { seconds: number; nanos: number } {
  const seconds = Number.parseFloat(text)
  return { seconds: Math.floor(seconds), nanos: Math.round((seconds % 1) * 1e9) }
}
