import { setTimeout as sleep } from 'node:timers/promises'
import { ApiFailure, asFailure, refusal } from './api-failure.ts'
import type { KubernetesApi } from './kubernetes-api.ts'
import { LatestLines } from './latest-lines.ts'
import { LineSplitter } from './line-splitter.ts'
import { isObject, versionOf } from './watched-object.ts'

export interface WatchOptions {
  readonly path: string
  readonly selectors: Readonly<Record<string, string>>
  /** Of the list, or of the last event. */
  readonly resourceVersion: string
  /** After so long the server ends the watch by itself. */
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
}

/** One change, or only a newer version to go on from. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: unknown
  readonly resourceVersion: string
}

/**
 * After a change those of a pause that follows are told together, the last of each object only. The pause is so much longer than what
 * the change took to read and to act upon (a policy of a thousand endpoints builds all of them anew): that has a fiftieth of the
 * process at most, and small Services wait for a few milliseconds.
 */
const pausePerWork = 50
const longestPauseMilliseconds = 500

/**
 * Yields the changes since a version till the server ends the watch; first none, once the server has agreed. Those of one moment are
 * to be gone through before more are asked for.
 * @throws ApiFailure when the server refuses, or sends what is no event; then also from within the changes
 */
export async function* watchEvents(api: KubernetesApi, options: WatchOptions): AsyncGenerator<Iterable<WatchEvent>> {
  const { path, selectors, resourceVersion, timeoutSeconds, signal } = options
  const query = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(timeoutSeconds), resourceVersion }
  const response = await api.get(path, { ...selectors, ...query }, signal)
  if (response.statusCode !== 200) throw await refusal('watch', path, response)
  yield []
  const splitter = new LineSplitter(maximumLineBytes)
  const lines = new LatestLines()
  const chunks: AsyncIterator<Buffer> = response[Symbol.asyncIterator]()
  let chunk = chunks.next()
  let pauseEnds = 0
  try {
    while (true) {
      const full = lines.bytes > maximumLineBytes
      const pause = lines.empty ? undefined : full ? 0 : pauseEnds - performance.now()
      if (pause !== undefined && pause <= 0) {
        const started = performance.now()
        yield eventsIn(lines.take())
        const worked = performance.now() - started
        pauseEnds = performance.now() + Math.min(pausePerWork * worked, longestPauseMilliseconds)
        continue
      }
      // The server is never kept waiting: it drops who reads slowly.
      const read = await (pause === undefined ? chunk : Promise.race([chunk, sleep(pause, undefined, { ref: false })]))
      if (read === undefined) continue
      if (read.done) break
      split(splitter, read.value, lines)
      chunk = chunks.next()
    }
    if (!lines.empty) yield eventsIn(lines.take())
  } finally {
    chunk.catch(() => {})
    response.destroy()
  }
}

/** Ten times the largest object that etcd takes. */
const maximumLineBytes = 16 << 20

function split(splitter: LineSplitter, chunk: Buffer, lines: LatestLines): void {
  try {
    splitter.push(chunk, (line) => {
      if (line.length > 0) lines.add(line)
    })
  } catch (error) {
    throw new ApiFailure('garbage', `sent garbage in the watch: ${(error as Error).message}`)
  }
}

const types: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'])

/** Each is read when it is asked for: one that has been dealt with is garbage before the next is made. */
function* eventsIn(lines: readonly Buffer[]): Iterable<WatchEvent> {
  for (const line of lines) yield asEvent(parsed(line.toString('utf8')))
}

function asEvent(event: unknown): WatchEvent {
  if (isObject(event) && event.type === 'ERROR') throw asFailure(event.object)
  const resourceVersion = isObject(event) ? versionOf(event.object) : undefined
  if (!isObject(event) || !types.has(event.type) || resourceVersion === undefined) {
    throw new ApiFailure('garbage', 'sent garbage in the watch: a line that is no event')
  }
  return { type: event.type as WatchEvent['type'], object: event.object, resourceVersion }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new ApiFailure('garbage', 'sent garbage in the watch: a line that is not JSON')
  }
}
