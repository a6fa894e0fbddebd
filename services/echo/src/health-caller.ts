import { type Client, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import type { Answer, Caller, CallOptions, CountedRequest, OnPeer } from './callers.ts'
import { podOf } from './identity.ts'
import type { ObservedCall } from './metrics/call-metrics.ts'
import { type ClientTracing, noClientTracing } from './tracing/call-trace.ts'
import { healthCheck } from './wire.ts'

interface HealthCallerOptions {
  readonly timeoutSeconds: number
  /** Whose health to ask for; undefined: that of the server as a whole. */
  readonly healthService: string | undefined
  readonly observe: (method: 'Check') => ObservedCall
  readonly tracing?: ClientTracing
}

/**
 * Every request is a call of grpc.health.v1.Health/Check: a call that nearly every gRPC server answers, whoever wrote it.
 * What a request would say to Echo is not sent.
 */
export function healthCaller(
  client: Client,
  { timeoutSeconds, healthService, observe, tracing = noClientTracing }: HealthCallerOptions,
): Caller {
  const { path, requestSerialize, responseDeserialize } = healthCheck
  const request = { service: healthService ?? '' }
  const subject = healthService ? `service ${healthService}` : 'the server as a whole'
  let named = false
  let advised = false
  const explained = ({ code, details }: ServiceError): Ending => {
    if (code !== status.UNIMPLEMENTED || advised) return { code, details }
    advised = true
    return { code, details: noHealthService }
  }
  const none = new Metadata()
  const call = ({ counter }: CountedRequest, options: CallOptions = {}, onPeer?: OnPeer): Promise<Answer> =>
    new Promise((resolve) => {
      const observed = observe('Check')
      let headers: Metadata | undefined
      const deadline = Date.now() + (options.timeoutSeconds ?? timeoutSeconds) * 1000
      const end = (error: ServiceError | null, reply?: HealthReply) => {
        const pod = headers && podOf(headers)
        trace.ended(error?.code ?? status.OK, error?.details ?? '', pod, sent.getPeer())
        observed.handled(error?.code ?? status.OK, trace.exemplar)
        named ||= pod !== undefined
        // Where pods name themselves, an error without a name is a proxy's: a peer of its own would bend the tally.
        const unnamed = reply !== undefined || (!named && answered(headers, error))
        const peer = pod ?? (unnamed ? addressOf(sent.getPeer()) : undefined)
        if (reply === undefined) return resolve({ ...explained(error as ServiceError), peer, place: '' })
        observed.received()
        resolve({ ...endingOf(reply, `${peer} says that ${subject}`), peer, place: '' })
      }
      const trace = tracing.begin('Check', counter, options.metadata ?? none)
      const { metadata } = trace
      const how = { deadline }
      const sent = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, how, end)
      sent.on('metadata', (received: Metadata) => {
        headers = received
        const pod = podOf(received)
        if (pod !== undefined) onPeer?.(pod, sent.getPeer())
        options.onHeaders?.(received)
      })
      if (options.onTrailers) sent.on('status', (ended) => options.onTrailers?.(ended.metadata))
      observed.sent()
    })
  return { call, close: () => {} }
}

interface HealthReply {
  /** A name of HealthCheckResponse.ServingStatus, or the number of one that is newer than this program. */
  readonly status: string | number
}

type Ending = Pick<Answer, 'code' | 'details'>

/**
 * UNAVAILABLE is what a call to a server that is not SERVING ends with where a gRPC client checks health by itself, so
 * that alerts and the tally call it what they call it elsewhere. Unlike a call that reached nobody it has a peer.
 */
function endingOf({ status: health }: HealthReply, who: string): Ending {
  if (health === 'SERVING') return { code: status.OK, details: '' }
  return { code: status.UNAVAILABLE, details: `${who} is ${health}` }
}

const noHealthService =
  'the server has no service grpc.health.v1.Health: add one to it, or use --method Hello, which is for evenly-echo'

/** Whether somebody answered, if only with a status: what grpc-js itself makes of a lost call has no headers. */
function answered(headers: Metadata | undefined, error: ServiceError | null): boolean {
  return headers !== undefined || (error?.metadata.get('content-type').length ?? 0) > 0
}

/** A socket's path is marked as what it is: by the colon an address differs from a pod's name. */
function addressOf(peer: string): string {
  return peer.includes(':') ? peer : `unix:${peer}`
}
