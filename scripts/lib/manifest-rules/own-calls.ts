import type { Call } from '../manifests/calls.ts'
import { asksInVain } from '../manifests/known-mesh.ts'
import { titleOf } from '../manifests/manifest.ts'
import type { Model } from '../manifests/model.ts'
import { strictBehind } from '../manifests/mutual-tls.ts'
import type { Service, ServicePort } from '../manifests/service.ts'
import type { Workload } from '../manifests/workload.ts'

/** Whether a port is a control plane's, whose clients keep one stream open and need no other. */
export const isForStreams = ({ name }: ServicePort): boolean => /(^|-)(xds|ads)(-|$)/.test(name)

/**
 * Calls to a Service that spread as the client itself has them spread, for no mesh's proxy stands beside it. For one that asks for a
 * proxy in vain there is the rule injection-blocked, and for one whose calls are refused without, strict-mtls-caller.
 */
export const ownCalls = (model: Model, service: Service): Call[] =>
  lastingCalls(model, service).filter(
    ({ client, port }) =>
      model.meshOf(client) === undefined &&
      !isForStreams(port) &&
      !asksInVain(model, client) &&
      !strictBehind(model, service, port),
  )

/** Calls that clients are told of at one place, as in a ConfigMap that they share. */
export type Calls = readonly [Call, ...Call[]]

export function byPlace(calls: readonly Call[]): Calls[] {
  const places = new Map<string, [Call, ...Call[]]>()
  for (const call of calls) {
    const { object, path, target } = call.mention
    const key = JSON.stringify([titleOf(object), path, target])
    const known = places.get(key)
    if (known) known.push(call)
    else places.set(key, [call])
  }
  return [...places.values()]
}

/** `Job shop/client (and 2 more)` */
export const clientsIn = (calls: Calls): string =>
  `${titleOf(calls[0].client.manifest)}${calls.length > 1 ? ` (and ${calls.length - 1} more)` : ''}`

/** Calls to a Service but for those of `helm test`, which ends after a few. */
export const lastingCalls = (model: Model, service: Service): Call[] =>
  model.callsTo(service).filter(({ client }) => !isHelmTest(client))

const isHelmTest = ({ manifest }: Workload): boolean =>
  /\btest/.test(manifest.metadata.annotations['helm.sh/hook'] ?? '')

/** Whether a client learns the addresses of pods from the API server or a control plane, and so needs no DNS. */
export const watchesEndpoints = ({ mention }: Call): boolean => /^(k8s|kubernetes|xds)$/.test(mention.scheme)

/** The policy that a client balances by, as far as one can see; gRPC's own when it is told none. */
export const policyOf = ({ policy }: Call): string => policy ?? 'pick_first'
