import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { namedObject } from '../../../../services/echo/src/balancing/endpoint-slices/watched-object.ts'
import { errorEvent, FakeApi, status } from './fake-api.ts'
import { until, Watched } from './watched.ts'

let api: FakeApi
const all: Watched[] = []

beforeEach(async () => {
  api = new FakeApi()
  await api.start()
})
afterEach(async () => {
  for (const watched of all.splice(0)) watched.close()
  await api.stop()
})

function watch(...args: ConstructorParameters<typeof Watched> | []): Watched {
  const watched = new Watched(args[0] ?? api.url, args[1])
  all.push(watched)
  return watched
}

const watching = (count = 1) => until(() => expect(api.watches.length).toBeGreaterThanOrEqual(count))
const names = (watched: Watched, ...expected: string[]) => until(() => expect(watched.names).toEqual(expected))

describe('a watched list', () => {
  it('is listed, then watched from the version of the list', async () => {
    api.put('a')
    const watched = watch()
    expect(watched.changes).toEqual([])
    await watching()
    expect(watched.changes).toEqual([['a']])
    const selector = { labelSelector: 'kubernetes.io/service-name=orders' }
    expect(Object.fromEntries(api.lists[0] ?? [])).toEqual({ ...selector, limit: '500', resourceVersion: '0' })
    const { timeoutSeconds, ...query } = Object.fromEntries(api.watches[0] ?? [])
    expect(query).toEqual({ ...selector, watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '101' })
    expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(240)
    expect(Number(timeoutSeconds)).toBeLessThanOrEqual(360)
  })

  it('follows additions, changes and deletions', async () => {
    const watched = watch()
    await watching()
    await until(() => expect(api.open.size).toBe(1))
    expect(watched.names).toEqual([])
    api.put('a')
    await names(watched, 'a')
    api.put('b')
    await names(watched, 'a', 'b')
    api.put('a')
    await until(() => expect(watched.changes).toHaveLength(4))
    api.delete('a')
    await names(watched, 'b')
    api.delete('b')
    await names(watched)
    expect(watched.problems).toEqual([])
  })

  it('tells of the events of one moment together', async () => {
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    const event = (name: string, version: number) =>
      JSON.stringify({
        type: 'ADDED',
        object: { metadata: { name, namespace: 'shop', resourceVersion: `${version}` } },
      })
    api.write(`${event('a', 101)}\n${event('b', 102)}\n${event('c', 103)}\n`)
    await names(watched, 'a', 'b', 'c')
    expect(watched.changes).toEqual([[], ['a', 'b', 'c']])
  })

  it('puts together events that arrive in pieces', async () => {
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    const line = JSON.stringify({
      type: 'ADDED',
      object: { metadata: { name: 'ä€', namespace: 'shop', resourceVersion: '101' } },
    })
    for (const byte of Buffer.from(`${line}\n`)) {
      for (const response of api.open) response.write(Buffer.from([byte]))
      await sleep(1)
    }
    await names(watched, 'ä€')
  })

  it('is put together of its pages', async () => {
    const pages = [
      { metadata: { resourceVersion: '7', continue: 'two' }, items: ['a', 'b'] },
      { metadata: { resourceVersion: '7', continue: 'three' }, items: ['c'] },
      { metadata: { resourceVersion: '7' }, items: ['d'] },
    ]
    api.onList = (_request, response) => {
      const { metadata, items } = pages[api.lists.length - 1] as (typeof pages)[number]
      response.end(
        JSON.stringify({ metadata, items: items.map((name) => ({ metadata: { name, namespace: 'shop' } })) }),
      )
    }
    const watched = watch()
    await names(watched, 'a', 'b', 'c', 'd')
    expect(watched.changes).toHaveLength(1)
    expect(api.lists.map((query) => [query.get('continue'), query.get('resourceVersion')])).toEqual([
      [null, '0'],
      ['two', null],
      ['three', null],
    ])
    await watching()
    expect(api.watches[0]?.get('resourceVersion')).toBe('7')
  })

  it('tells nothing after it is closed, and ends its requests', async () => {
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    const { length } = watched.changes
    watched.close()
    api.put('a')
    await until(() => expect(api.open.size).toBe(0))
    await api.stop()
    await sleep(1000)
    expect([watched.changes.length, watched.problems, api.watches.length]).toEqual([length, [], 1])
  })
})

describe('a watch that ends', () => {
  it('goes on from the last version, without a list and without a word', async () => {
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    api.put('a')
    await names(watched, 'a')
    api.tell({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '777' } } })
    await sleep(200)
    api.endWatches()
    await watching(2)
    expect(api.watches[1]?.get('resourceVersion')).toBe('777')
    expect([api.lists.length, watched.changes.length, watched.problems]).toEqual([1, 2, []])
  })

  it('goes on from the last version when it is cut off, which is no problem if it can', async () => {
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    api.put('a')
    await names(watched, 'a')
    api.cutWatches()
    api.put('b')
    await names(watched, 'a', 'b')
    expect([api.lists.length, api.watches[1]?.get('resourceVersion'), watched.problems]).toEqual([1, '101', []])
  })

  it('is not asked for again at once by a server that ends every one', async () => {
    api.onWatch = (_request, response) => void response.writeHead(200).end()
    const watched = watch()
    await watching(3)
    const before = api.watches.length
    await sleep(1000)
    // Without pauses there would be hundreds.
    expect(api.watches.length - before).toBeLessThan(30)
    expect(watched.names).toEqual([])
  })

  it.each([
    ['HTTP status', status(410, 'too old resource version')],
    ['event', errorEvent(410, 'too old resource version')],
  ])('with 410 Gone as %s is listed again, of what is there now, and loses nothing meanwhile', async (_, gone) => {
    api.put('a')
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    api.onWatch = (request, response) => {
      api.onWatch = undefined
      gone(request, response)
    }
    api.cutWatches()
    api.put('b')
    await names(watched, 'a', 'b')
    await until(() => expect(api.open.size).toBe(1))
    expect(watched.changes).toEqual([['a'], ['a', 'b']])
    expect([api.lists.length, api.lists[1]?.get('resourceVersion'), watched.problems]).toEqual([2, null, []])
    expect(api.watches.at(-1)?.get('resourceVersion')).toBe('102')
  })

  it('by another error goes on from the last version, and says what the server said', async () => {
    api.put('a')
    api.onWatch = errorEvent(500, 'etcdserver: no leader')
    const watched = watch()
    await until(() => expect(watched.problems[0]).toMatch(/ended the watch with an error: etcdserver: no leader\.$/))
    api.onWatch = undefined
    api.put('b')
    await until(() => expect(api.open.size).toBe(1))
    expect([api.lists.length, api.watches.at(-1)?.get('resourceVersion')]).toEqual([1, '101'])
    await until(() => expect(watched.problems.at(-1)).toBeUndefined())
  })
})

describe('an API server that is away', () => {
  it('leaves what was known as it is, says so once, and is asked again with pauses until it is back', async () => {
    api.put('a')
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    await api.stop()
    await until(() => expect(watched.problems).toHaveLength(1))
    const refused = `The Kubernetes API ${api.url} cannot be reached: connect ECONNREFUSED`
    expect(watched.problems[0]).toContain(refused)
    expect(watched.problems[0]).toMatch(/[^.]\.$/)
    await sleep(1500)
    expect(watched.changes).toEqual([['a']])
    await api.start()
    await until(() => expect(watched.problems).toEqual([expect.any(String), undefined]))
    api.put('b')
    await names(watched, 'a', 'b')
    expect(api.lists).toHaveLength(1)
  })

  it('from the beginning is told, and nothing is known', async () => {
    await api.stop()
    const watched = watch()
    await until(() => expect(watched.problems).toHaveLength(1))
    expect(watched.changes).toEqual([])
    await api.start()
    await until(() => expect(watched.names).toEqual([]))
  })
})

describe('an API server that refuses', () => {
  it('for a missing right is told with the right and whose it is, and asked again', async () => {
    const user = 'system:serviceaccount:shop:client'
    const refuses = status(
      403,
      `endpointslices.discovery.k8s.io is forbidden: User "${user}" cannot list resource "endpointslices"`,
    )
    api.onList = refuses
    const watched = watch()
    await until(() => expect(watched.problems).toHaveLength(1))
    expect(watched.problems[0]).toBe(
      `The Kubernetes API ${api.url} does not let ${user} list endpointslices.discovery.k8s.io in namespace shop (403): bind a Role with the verbs list and watch to its service account.`,
    )
    await until(() => expect(api.lists.length).toBeGreaterThanOrEqual(3))
    expect(watched.problems).toHaveLength(1)
    api.onList = undefined
    api.onWatch = refuses
    await until(() => expect(watched.problems[1]).toContain('does not let'))
    expect(watched.problems[1]).toContain('watch endpointslices.discovery.k8s.io in namespace shop')
    api.onWatch = undefined
    await until(() => expect(watched.problems.at(-1)).toBeUndefined())
    expect(watched.names).toEqual([])
  })

  it.each([
    [401, /does not accept the token \(401\) to list endpointslices.* look at the service account's token file\.$/],
    [404, /answered 404 to list endpointslices\.discovery\.k8s\.io in namespace shop: no\.$/],
    [503, /answered 503 .*: no\.$/],
  ])('with %i is told', async (code, sentence) => {
    api.onList = status(code)
    const watched = watch()
    await until(() => expect(watched.problems[0]).toMatch(sentence))
  })
})

describe('an API server that sends garbage', () => {
  const lists: [string, string][] = [
    ['HTML', '<html>'],
    ['half a list', '{"metadata":{"resourceVersion":"1"},"items":[{"meta'],
    ['null', 'null'],
    ['no items', '{"metadata":{"resourceVersion":"1"}}'],
    ['items that are no list', '{"metadata":{"resourceVersion":"1"},"items":{}}'],
    ['no version', '{"metadata":{},"items":[]}'],
    ['nothing', ''],
  ]
  it.each(lists)('as a list, %s, leaves what was known until it makes sense again', async (_, body) => {
    api.put('a')
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    api.onWatch = status(410)
    api.onList = (_request, response) => response.end(body)
    api.cutWatches()
    await until(() => expect(watched.problems[0]).toMatch(/ sent (a list that is not JSON|what is no list of objects)/))
    expect(watched.changes).toEqual([['a']])
    api.onList = undefined
    api.onWatch = undefined
    api.put('b')
    await names(watched, 'a', 'b')
  })

  const lines = [
    'garbage\n',
    '{"type":"ADDED","object":{"metadata":{"name":"x"\n',
    'null\n',
    '[]\n',
    '{"type":"ADDED"}\n',
    '{"type":"MOVED","object":{"metadata":{"resourceVersion":"1"}}}\n',
    '{"type":"ADDED","object":{"metadata":{"name":"x","namespace":"shop","resourceVersion":5}}}\n',
    '\u0000\uffff\n',
  ]
  it.each(lines)('in a watch, %j, is listed anew and leaves what was known', async (line) => {
    api.put('a')
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    api.write(line)
    await until(() =>
      expect(watched.problems[0]).toMatch(/ sent garbage in the watch: a line that is (not JSON|no event)\.$/),
    )
    await until(() => expect(api.open.size).toBe(1))
    await until(() => expect(api.lists).toHaveLength(2))
    expect(watched.names).toEqual(['a'])
    api.put('b')
    await names(watched, 'a', 'b')
    await until(() => expect(watched.problems.at(-1)).toBeUndefined())
  })

  it('in the middle of good events loses none of those before it', async () => {
    const watched = watch()
    await until(() => expect(api.open.size).toBe(1))
    api.onList = status(503)
    const added = { type: 'ADDED', object: { metadata: { name: 'a', namespace: 'shop', resourceVersion: '101' } } }
    api.write(`${JSON.stringify(added)}\ngarbage\n`)
    await names(watched, 'a')
  })

  it('as one object keeps what was known of it, says which, and takes the others', async () => {
    api.put('a')
    const watched = watch(api.url, (value) => ('broken' in (value as object) ? undefined : namedObject(value)))
    await until(() => expect(api.open.size).toBe(1))
    api.put('a', { broken: true })
    await until(() => expect(watched.problems[0]).toMatch(/ sent an object that cannot be read \(shop\/a\)\.$/))
    expect(watched.names).toEqual(['a'])
    api.put('b')
    await names(watched, 'a', 'b')
    await until(() => expect(watched.problems.at(-1)).toBeUndefined())
  })

  it('as one object of the list keeps what was known of it too', async () => {
    api.put('a')
    const watched = watch(api.url, (value) => ('broken' in (value as object) ? undefined : namedObject(value)))
    await until(() => expect(api.open.size).toBe(1))
    api.onWatch = status(410)
    api.onList = status(503)
    api.cutWatches()
    // From here on only a list can tell.
    await until(() => expect(watched.problems[0]).toContain('answered 503'))
    api.put('a', { broken: true })
    api.put('b', { broken: true })
    api.put('c')
    api.onWatch = undefined
    api.onList = undefined
    await names(watched, 'a', 'c')
  })
})

it('tells errors of the listener as what they are', async () => {
  const thrown: unknown[] = []
  const { listeners } = { listeners: process.listeners('uncaughtException') }
  process.removeAllListeners('uncaughtException')
  process.once('uncaughtException', (error) => thrown.push(error))
  const { watchList } = await import('../../../../services/echo/src/balancing/endpoint-slices/watch-list.ts')
  const { KubernetesApi } = await import('../../../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts')
  const problems: unknown[] = []
  const changed = () => {
    throw new Error('of the listener')
  }
  const watching = watchList({
    api: new KubernetesApi({ url: api.url }),
    path: '/api/v1/services',
    changed,
    problem: (sentence) => problems.push(sentence),
  })
  try {
    await until(() => expect(thrown).toEqual([new Error('of the listener')]))
    await until(() => expect(api.watches).toHaveLength(1))
    expect(problems).toEqual([])
  } finally {
    watching.close()
    for (const listener of listeners) process.on('uncaughtException', listener)
  }
})
