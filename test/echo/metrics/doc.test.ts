import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { type EchoProcess, startEcho } from '../../../scripts/lab/echo-process.ts'
import { metricNamings } from '../../../services/echo/src/metrics/names/naming.ts'
import { whyNoPromtool } from '../../rules/promtool.ts'
import { endCommands, runEcho } from '../../support/echo-command.ts'
import { parseExposition } from '../../support/exposition.ts'
import { promtoolOn } from '../../support/promtool-on.ts'
import { whereThereIs } from '../../support/where-there-is.ts'

const document = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')

/** What a line of a table says of the families that it names. */
interface Row {
  readonly names: readonly string[]
  readonly type: string
  /** The labels of each. */
  readonly labels: readonly string[]
}

/** The lines of tables that begin with names of series. */
const rows: readonly Row[] = document.split('\n').flatMap((line) => {
  const [, first = '', ...cells] = line.split('|').map((cell) => cell.trim())
  const names = [...first.matchAll(/`([a-z0-9_]+)`/g)].map(([, name = '']) => name)
  const type = cells.map((cell) => /^(counter|gauge|histogram)(, 1)?$/.exec(cell)?.[1]).find(Boolean)
  if (!line.startsWith('| `') || type === undefined) return []
  const labels = cells.slice(cells.findIndex((cell) => cell.startsWith(type)) + 1).slice(0, 1)
  return [{ names, type, labels: [...(labels[0] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, label = '']) => label) }]
})

const ofCalls = ['grpc_type', 'grpc_service', 'grpc_method']
const isOfCalls = (name: string) => /^grpc_(server|client)_(started|handled|msg_\w+|handling)/.test(name)

describe('the document of metrics', () => {
  let server: EchoProcess
  const texts: string[] = []
  beforeAll(async () => {
    const address = (await chooseAddresses(1)).server(0)
    const names = ['--metric-names', metricNamings.join(','), '--admin-listen', '127.0.0.1:0']
    server = await startEcho(['-s', '--listen', address, ...names])
    const client = runEcho(['-h', address, '--interval-seconds', '0.01', ...names])
    await client.printed(/call 3 served/)
    const [, admin = ''] = await client.printed(/admin on (\S+)/)
    for (const url of [server.admin, admin]) texts.push(await (await fetch(`${url}/metrics`)).text())
  })
  afterAll(async () => {
    await endCommands()
    await server?.stop()
  })

  const types = () =>
    new Map(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, n = '', t = '']) => [n, t])))

  it('names every series that a server and a client export, with its type, and none that they do not', () => {
    const told = new Map(rows.flatMap(({ names, type }) => names.map((name): [string, string] => [name, type])))
    expect(Object.fromEntries([...told].sort())).toEqual(Object.fromEntries([...types()].sort()))
  })

  it('names each once', () => {
    const names = rows.flatMap((row) => row.names)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('names their labels, all of them and no other', () => {
    const found = new Map<string, Set<string>>()
    for (const { name, labels } of texts.flatMap(parseExposition)) {
      const family = types().has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
      const known = found.get(family) ?? new Set()
      for (const label of Object.keys(labels)) if (label !== 'le') known.add(label)
      found.set(family, known)
    }
    for (const { names, labels } of rows) {
      for (const name of names) {
        const wanted = isOfCalls(name) ? [...ofCalls, ...labels] : labels
        // What has no sample now has no labels to be told.
        if (found.has(name)) expect([...(found.get(name) ?? [])].sort(), name).toEqual([...wanted].sort())
      }
    }
    const silent = [...types().keys()].filter((name) => !found.has(name))
    expect(['nodejs_active_requests']).toEqual(expect.arrayContaining(silent))
  })

  whereThereIs('queries of the document', whyNoPromtool, () => {
    it('are queries, and ask for series that exist', async () => {
      const queries = [...document.matchAll(/```promql\n(.*?)```/gs)].flatMap(([, block = '']) =>
        block
          .split(/^# .*$/m)
          .map((query) => query.trim())
          .filter(Boolean),
      )
      expect(queries.length).toBeGreaterThan(5)
      const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }))
      const groups = JSON.stringify({ groups: [{ name: 'all', rules }] })
      const { code, output } = await promtoolOn(groups, 'check', 'rules')
      expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining(`${queries.length} rules`) })
      const asked = queries.flatMap((query) => query.match(/\bgrpc_(server|client|lb)_\w+/g) ?? [])
      const known = [...types().keys()]
      expect(asked.filter((name) => !known.includes(name.replace(/_bucket$/, '')))).toEqual([])
    })
  })
})
