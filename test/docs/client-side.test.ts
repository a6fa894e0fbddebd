import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from '@prometheus-io/client'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readLeastRequest, readSlowStart } from '../../services/echo/src/balancing/policies/least-request-settings.ts'
import { readRingHash } from '../../services/echo/src/balancing/policies/ring-hash-settings.ts'
import { readWeightedRoundRobin } from '../../services/echo/src/balancing/policies/weighted-round-robin-settings.ts'
import { readLookasideConfig } from '../../services/echo/src/lookaside/config/read-lookaside-config.ts'
import { lookasideMetrics } from '../../services/echo/src/lookaside/lookaside-metrics.ts'
import { readBootstrap } from '../../services/echo/src/xds/bootstrap.ts'
import { ofKind, projectRoot, render, toolsTimeoutMs } from '../chart/helm.ts'
import { fencesIn } from './console-blocks.ts'

const page = await readFile(join(projectRoot, 'docs/client-side.md'), 'utf8')
const blocks = (kind: string) =>
  fencesIn(page).flatMap((fence) => (fence.kind === kind ? [fence.lines.join('\n')] : []))
const folder = await mkdtemp(join(tmpdir(), 'evenly-client-side-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('docs/client-side.md', () => {
  it('has values that the chart takes, each with what it says', { timeout: toolsTimeoutMs }, async () => {
    const [client, lookaside] = await Promise.all(
      blocks('yaml values').map(async (text, index) => {
        const file = join(folder, `${index}.yaml`)
        await writeFile(file, text)
        return render('orders', ['-f', file])
      }),
    )
    const role = parse(blocks('yaml role')[0] as string)
    expect(ofKind(client ?? [], 'Role').rules).toEqual(role.rules)
    expect(JSON.stringify(client)).toContain('k8s:///')
    expect(JSON.stringify(lookaside)).toContain('orders.shop:8080')
  })

  it('has a file of the control plane with every key that there is', () => {
    const [text = ''] = blocks('yaml lookaside')
    const { services, discover } = readLookasideConfig(text, 'client-side.md')
    const [orders] = services
    expect(orders?.backends.map(({ weight }) => weight)).toEqual([90, 10])
    expect(Object.keys(parse(text).services['orders.shop:8080']).sort()).toEqual(
      ['backends', 'envoyListener', 'failover', 'localities', 'policy', 'zoneWeights'].sort(),
    )
    expect(discover?.annotation).toBe('evenly-grpc.github.io/lookaside')
  })

  it('has a bootstrap that a client takes', () => {
    const [text] = blocks('json bootstrap')
    expect(readBootstrap('xds:///orders.shop:8080', { GRPC_XDS_BOOTSTRAP_CONFIG: text })).toEqual({
      serverUri: 'lookaside.shop:18000',
    })
  })

  it.each([
    ['leastRequest', readLeastRequest({}), ['choiceCount', 'activeRequestBias']],
    ['leastRequest', readSlowStart({ window: '1s' }), ['aggression', 'minimumWeightPercent']],
    ['weightedRoundRobin', readWeightedRoundRobin({}), Object.keys(readWeightedRoundRobin({})).slice(0, 5)],
    ['ringHash', readRingHash({ requestHashHeader: 'x' }), ['minRingSize', 'maxRingSize']],
  ])('tells the defaults of %s as they are', (_policy, defaults, settings) => {
    for (const setting of settings) {
      const row = new RegExp(`^\\| \`(?:slowStart\\.)?${setting}\` \\|[^|]+\\| ([^|]+) \\|`, 'm').exec(page)
      expect(row?.[1]?.replace(/^`"([\d.]+)s"`$/, '$1'), setting).toBe(`${defaults[setting as keyof typeof defaults]}`)
    }
  })

  it('names every metric of the control plane, with its labels', async () => {
    const registry = new Registry()
    const none = () => 0
    lookasideMetrics(registry, {
      clients: none,
      endpoints: () => new Map(),
      watchProblems: none,
      configProblem: () => false,
    })
    const told = [...page.matchAll(/^\| `(lookaside_\w+)(?:\{\w+\})?` \|/gm)].map(([, name]) => name)
    expect(told.sort()).toEqual((await registry.getMetricsAsJSON()).map(({ name }) => name).sort())
  })

  it('names commands and files that there are', async () => {
    const benches = await readFile(join(projectRoot, 'bench/main.ts'), 'utf8')
    for (const [, name] of page.matchAll(/npm run bench -- ([\w-]+)/g))
      expect(benches).toMatch(new RegExp(`\\b'?${name}'?:`))
    for (const [, name] of page.matchAll(/npx evenly \w+ ([\w-]+)/g))
      await readFile(join(projectRoot, `values/${name}.yaml`))
  })
})
