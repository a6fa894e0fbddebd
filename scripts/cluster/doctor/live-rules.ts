import type { LiveRule } from './live-rule.ts'
import { endpointsNotReady } from './rules/endpoints-not-ready.ts'
import { noEndpoints } from './rules/no-endpoints.ts'
import { oneZone } from './rules/one-zone.ts'
import { partlyMeshed } from './rules/partly-meshed.ts'
import { proxySeesFewer } from './rules/proxy-sees-fewer.ts'
import { starvedPods } from './rules/starved-pods.ts'
import { unevenCalls } from './rules/uneven-calls.ts'

/** Every rule on a live cluster, in the order in which they are documented. */
export const liveRules: readonly LiveRule[] = [
  noEndpoints,
  endpointsNotReady,
  unevenCalls,
  starvedPods,
  proxySeesFewer,
  partlyMeshed,
  oneZone,
]
