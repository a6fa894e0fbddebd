import type { GatewayClass } from './add-ons.ts'
import { gatewayClassSet } from './gateway.ts'
import { imageValues } from './image.ts'
import type { Scenario } from './scenario.ts'

/** How a scenario's releases stand. */
export interface Standing {
  /** REPOSITORY:TAG of the echo program; undefined: the chart's. */
  readonly image: string | undefined
  /** Servers of the judged release; undefined: as the values say. */
  readonly replicas: number | undefined
  /** Weights by release. */
  readonly weights: Readonly<Record<string, number>>
  /** Values of the chart's `client`; undefined while there shall be none. */
  readonly client: object | undefined
  readonly gatewayClasses: readonly GatewayClass[]
  /** Values of the user's own, `KEY=VALUE`. */
  readonly sets: readonly string[]
}

/** What Helm is given for a release. */
export interface ReleaseValues {
  readonly files: readonly string[]
  /** They lie over those of the files. */
  readonly values: object
  /** `KEY=VALUE`, over all others. */
  readonly sets: readonly string[]
}

/** Clients come when all servers are known to everybody: a proxy that starts then knows them all from its first call on. */
const noClients = { kind: 'Deployment', replicaCount: 0 }

/** What Helm is given for one of a scenario's releases; the judged one has the client and holds the weights. */
export function releaseValues(scenario: Scenario, release: string, standing: Standing): ReleaseValues {
  const files = scenario.releases.filter(({ name }) => name === release).map(({ file }) => file)
  const { client: clientImage, lookaside: planeImage, ...image } = imageValues(standing.image)
  if (release !== scenario.release) return { files, values: image, sets: standing.sets }
  const { replicas, weights, gatewayClasses } = standing
  const replicaCount = replicas === undefined ? {} : { replicaCount: replicas }
  const client = scenario.fromOutside ? {} : { client: { ...clientImage, ...(standing.client ?? noClients) } }
  const lookaside = scenario.values.lookaside?.enabled && planeImage ? { lookaside: planeImage } : {}
  const weightSets = Object.entries(weights).map(
    ([name, weight]) => `${scenario.weightValue.replace('RELEASE', name)}=${weight}`,
  )
  const sets = [...gatewayClassSet(scenario, gatewayClasses), ...weightSets, ...standing.sets]
  return { files, values: { ...image, ...replicaCount, ...client, ...lookaside }, sets }
}

/** What Helm is given for clients outside the mesh, which call through a gateway. */
export function outsideClientValues(
  image: string | undefined,
  target: string,
  client: object,
  args: readonly string[],
): ReleaseValues {
  const { image: own } = imageValues(image)
  const podLabels = { 'sidecar.istio.io/inject': 'false' }
  const values = { mode: 'client', ...(own && { image: own }), podLabels, args, client: { ...client, target } }
  return { files: [], values, sets: [] }
}
