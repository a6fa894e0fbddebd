import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { unavailable } from '../../lib/exit.ts'
import { type Cluster, complaintOf } from '../cluster.ts'

/** What the API server answers. */
export interface Answer {
  /** Of HTTP. */
  readonly status: number
  readonly text: string
}

/** Whoever answers GET requests for paths of the Kubernetes API. */
export interface Api {
  get(path: string, limitSeconds?: number): Promise<Answer>
}

/** Seconds in which one answer has to come. */
const answerSeconds = 20

/**
 * GET requests to a cluster's API server, many at a time, and nothing but GET: one kubectl that stands on a socket only this user
 * can open, where a kubectl for each would take seconds and tell no status.
 */
export class ApiServer implements Api {
  private readonly kubectl: ChildProcess
  private readonly socket: string
  private readonly signal: AbortSignal
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 32 })

  /** Has `use` ask it, and ends it. */
  static async open<T>(cluster: Cluster, use: (api: ApiServer) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'evenly-api-'))
    const socket = join(folder, 'socket')
    try {
      const kubectl = await cluster.start([
        'proxy',
        `--unix-socket=${socket}`,
        '--reject-methods=^(POST|PUT|PATCH|DELETE)$',
      ])
      try {
        await untilServing(kubectl)
        return await use(new ApiServer(kubectl, socket, cluster.signal))
      } finally {
        kubectl.kill()
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  private constructor(kubectl: ChildProcess, socket: string, signal: AbortSignal) {
    this.kubectl = kubectl
    this.socket = socket
    this.signal = signal
  }

  /** @throws EvenlyError (69) when no answer comes; what the signal was aborted with when that came first */
  get(path: string, limitSeconds = answerSeconds): Promise<Answer> {
    this.signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const limit = AbortSignal.timeout(limitSeconds * 1000)
      const options = { socketPath: this.socket, path, agent: this.agent, headers: { host: 'localhost' } }
      const fail = (why: string) =>
        reject(
          this.signal.aborted
            ? this.signal.reason
            : unavailable(`the API server does not answer ${path} (${why}): try again`),
        )
      const sent = request({ ...options, signal: AbortSignal.any([this.signal, limit]) }, (response) => {
        let text = ''
        response
          .setEncoding('utf8')
          .on('data', (part: string) => {
            text += part
          })
          .on('end', () => resolve({ status: response.statusCode ?? 0, text }))
          .on('error', ({ message }) => fail(message))
      })
      sent
        .on('error', ({ message }) =>
          fail(limit.aborted ? `not within ${limitSeconds} s` : complaintOf(this.kubectl) || message),
        )
        .end()
    })
  }
}

async function untilServing(kubectl: ChildProcess): Promise<void> {
  if (kubectl.stdout) {
    for await (const line of createInterface({ input: kubectl.stdout }))
      if (line.startsWith('Starting to serve')) return
  }
  throw unavailable(`kubectl proxy ended at once: ${complaintOf(kubectl) || 'it does not say why'}`)
}
