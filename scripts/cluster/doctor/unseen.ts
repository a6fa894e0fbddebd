import type { DiagnosisOptions } from './diagnosis.ts'
import type { Live } from './live.ts'
import type { Denied, Reader } from './reader.ts'
import type { Watched } from './watch-traffic.ts'

/** What could not be seen and why, a sentence each. */
export function whatIsUnseen(
  live: Live,
  watched: Watched | undefined,
  { denied, broken }: Pick<Reader, 'denied' | 'broken'>,
  { namespace, seconds, mayForward }: DiagnosisOptions,
  forwarded: number,
): string[] {
  return [
    ...rightsText(denied, namespace),
    ...broken,
    ...trafficText(live, watched, seconds),
    ...(watched !== undefined && watched.proxiesNotAsked > 0
      ? [
          `${watched.proxiesNotAsked} Envoy${watched.proxiesNotAsked === 1 ? '' : 's'} beside callers could not be asked${mayForward ? '' : ' (--no-port-forward)'}: what they know of the endpoints is missing`,
        ]
      : []),
    ...(live.callers.length === 0
      ? [
          'no caller is told of it in arguments, environment or ConfigMaps: who has the name in code or a Secret cannot be seen',
        ]
      : []),
    ...(forwarded > 0
      ? [
          `${forwarded === 1 ? 'one port of a pod was' : `${forwarded} ports of pods were`} forwarded for it, as kubectl port-forward does`,
        ]
      : []),
  ]
}

function trafficText({ pods }: Live, watched: Watched | undefined, seconds: number): string[] {
  if (seconds === 0) return ['who serves was not counted (--seconds 0)']
  if (watched?.traffic !== undefined) {
    const { isPartial, requests } = watched.traffic
    return [
      ...(isPartial ? ['calls of callers that have no Envoy, or whose Envoy was not asked, are not counted'] : []),
      ...(requests === 0 ? ['a stream is counted once, when it ends: those that stay open are not seen'] : []),
    ]
  }
  if (!pods.some(({ ready }) => ready)) return []
  return [
    'who serves cannot be seen: the pods show no counters of gRPC on a port called metrics or annotated prometheus.io/port, and no Envoy of a caller could be asked; grpc_server_handled_total of go-grpc-middleware would do, or evenly run',
  ]
}

/** What may not be read, and what that hides. */
function rightsText(denied: readonly Denied[], namespace: string): string[] {
  const groups = Map.groupBy(
    denied,
    ({ verb, namespace: where, resource }) => `${verb} ${where ?? ''} ${resource.includes('/')}`,
  )
  return [...groups.values()].flatMap((each) => {
    const [{ verb, namespace: where, resource }] = each as [Denied]
    const open = each.filter((one) => where !== undefined || !isDeniedHere(one, denied, namespace))
    if (open.length === 0) return []
    const names = [...new Set(open.map((one) => one.resource))].join(', ')
    const place = where === undefined ? 'in all namespaces' : `in namespace ${where}`
    return [`may not ${verb} ${names} ${place}: ${hidden(resource, where)}`]
  })
}

/** Whoever may not list a kind in the Service's own namespace is told that. */
const isDeniedHere = (one: Denied, denied: readonly Denied[], namespace: string): boolean =>
  denied.some((each) => each.resource === one.resource && each.group === one.group && each.namespace === namespace)

function hidden(resource: string, where: string | undefined): string {
  if (resource === 'pods/proxy') return "the pods' own counters are missing, unless a port could be forwarded"
  if (resource === 'pods/log') return 'what pods that crash printed last is missing'
  if (resource === 'pods/portforward')
    return "what only a pod's own network reaches is missing: Envoys' endpoints and counts"
  return where === undefined
    ? 'callers and policies elsewhere are missing, and zones and labels of namespaces'
    : 'findings that need them are missing'
}
