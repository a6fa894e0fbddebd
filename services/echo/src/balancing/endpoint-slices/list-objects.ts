import type { IncomingMessage } from 'node:http'
import { ApiFailure, refusal } from './api-failure.ts'
import type { KubernetesApi } from './kubernetes-api.ts'
import { isObject, versionOf } from './watched-object.ts'

/** What there was at one moment. */
export interface ObjectList {
  readonly items: readonly unknown[]
  /** Changes since then can be watched from it. */
  readonly resourceVersion: string
}

export interface ListOptions {
  readonly path: string
  readonly selectors: Readonly<Record<string, string>>
  /** Take whatever the API server has in memory, which may be a moment old and comes without pages: the cheapest for it. */
  readonly fromCache: boolean
  readonly signal: AbortSignal
}

/**
 * Lists all objects, in pages where the server divides them.
 * @throws ApiFailure when the server refuses or its answer is no list
 */
export async function listObjects(api: KubernetesApi, options: ListOptions): Promise<ObjectList> {
  const items: unknown[] = []
  let more = ''
  for (let page = 0; page < maximumPages; page++) {
    const list = await listPage(api, options, more)
    for (const item of list.items) items.push(item)
    if (list.more === '') return { items, resourceVersion: list.resourceVersion }
    more = list.more
  }
  throw new ApiFailure('garbage', `divides a list into more than ${maximumPages} pages`)
}

/** So that a server which always tells of one more page is not asked for ever. */
const maximumPages = 1000
const objectsPerPage = '500'
/** Far above what a page of slices takes (40 kB each), far below what a process has. */
const maximumPageBytes = 64 << 20

interface Page extends ObjectList {
  readonly more: string
}

async function listPage(api: KubernetesApi, options: ListOptions, more: string): Promise<Page> {
  const { path, selectors, fromCache, signal } = options
  const query = {
    ...selectors,
    limit: objectsPerPage,
    ...(more ? { continue: more } : fromCache && { resourceVersion: '0' }),
  }
  const response = await api.get(path, query, signal)
  if (response.statusCode !== 200) throw await refusal('list', path, response)
  return asPage(await bodyOf(response))
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let bytes = Buffer.alloc(0)
  let length = 0
  for await (const chunk of response) {
    if (length + chunk.length > maximumPageBytes) {
      throw new ApiFailure('garbage', `sent a list of more than ${maximumPageBytes} bytes`)
    }
    if (length + chunk.length > bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length + chunk.length, 2 * bytes.length))
      bytes.copy(grown, 0, 0, length)
      bytes = grown
    }
    chunk.copy(bytes, length)
    length += chunk.length
  }
  return bytes.toString('utf8', 0, length)
}

function asPage(body: string): Page {
  const list = parsed(body)
  const resourceVersion = versionOf(list)
  if (!isObject(list) || !Array.isArray(list.items) || resourceVersion === undefined) {
    throw new ApiFailure('garbage', 'sent what is no list of objects')
  }
  const { continue: more } = list.metadata as { continue?: unknown }
  return { items: list.items, resourceVersion, more: typeof more === 'string' ? more : '' }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new ApiFailure('garbage', `sent a list that is not JSON (${(error as Error).message.slice(0, 80)})`)
  }
}
