import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUnforgeableHost, registerControlRoutes } from './control-routes.ts'
import { type CallingRun, type CallsWanted, FurtherCalls, type JudgeCounts } from './further-calls.ts'

/** Who makes the calls. */
export interface CallsSource {
  /** Whether a server can be reached. */
  readonly reachable: () => boolean
  readonly calls: CallingRun
  readonly judge: JudgeCounts
}

const maximumRequests = 10_000
const maximumConcurrency = 50
const defaultConcurrency = 10
const limitSeconds = 60

/**
 * Adds `GET /controls`, what the page may press, and `POST /calls`, "run so many calls from here": 200 with the judged window
 * of exactly those calls once they have ended, 400 for numbers out of bounds, 403 for another site, 409 while others run, 503
 * while no server is reachable or this process stops, 504 when they take over 60 s.
 * @param stop aborts when the process stops; no call is started from then on.
 */
export function callsRoute(source: CallsSource, stop: AbortSignal, seconds = limitSeconds) {
  return (app: FastifyInstance): Promise<void> => registerControlRoutes(app, isUnforgeableHost, addTo)

  function addTo(scope: FastifyInstance): void {
    let busy = false
    scope.get('/controls', () => ({ calls: { maximumRequests } }))
    scope.post('/calls', async (request, reply) => {
      const wanted = read(request.body)
      if (typeof wanted === 'string') return refuse(reply, 400, wanted)
      if (stop.aborted) return refuse(reply, 503, 'This client is stopping: ask another.')
      if (busy) return refuse(reply, 409, 'Calls run from here already: wait for their end.')
      if (!source.reachable()) return refuse(reply, 503, 'No server is reachable from here: try again when one is.')
      busy = true
      const hungUp = new AbortController()
      reply.raw.once('close', () => hungUp.abort())
      const end = AbortSignal.any([stop, hungUp.signal, AbortSignal.timeout(seconds * 1000)])
      const calls = new FurtherCalls(source.calls)
      const window = calls.make(wanted, end, source.judge).finally(() => {
        busy = false
      })
      await Promise.race([window, aborted(end)])
      if (!end.aborted) return window
      window.catch(() => undefined)
      const ended = `${inWords(calls.ended())} of ${inWords(wanted.requests)} calls`
      if (stop.aborted) return refuse(reply, 503, `This client is stopping: ${ended} had ended.`)
      return refuse(reply, 504, `Only ${ended} ended within ${seconds} s: ask for fewer, or more at a time.`)
    })
  }
}

/** What the body asks for, or a sentence about what is wrong with it. */
function read(body: unknown): CallsWanted | string {
  if (typeof body !== 'object' || body === null) return `Send {"requests": 1 to ${maximumRequests}}.`
  const { requests, concurrency = defaultConcurrency, ...rest } = body as Record<string, unknown>
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) return `There is no ${unknown} to set: there are requests and concurrency.`
  if (!within(requests, maximumRequests)) return `requests must be a whole number from 1 to ${maximumRequests}.`
  if (!within(concurrency, maximumConcurrency)) {
    return `concurrency must be a whole number from 1 to ${maximumConcurrency}.`
  }
  return { requests, concurrency }
}

const within = (value: unknown, maximum: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= maximum
const refuse = (reply: FastifyReply, code: number, error: string): FastifyReply => reply.code(code).send({ error })
const inWords = (count: number): string => count.toLocaleString('en')

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
