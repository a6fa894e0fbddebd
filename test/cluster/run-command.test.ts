import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScenarioResult } from '../../scripts/cluster/result.ts'
import { type Ended, endCommands, evenly, namespacesLeft } from './support/evenly-command.ts'
import { onIstio } from './support/on-istio.ts'

/** Of `evenly run ... -o json`. */
const resultsIn = ({ stdout }: Ended): ScenarioResult[] => JSON.parse(stdout)

const sorted = (counts: ScenarioResult['counts']): number[] => Object.values(counts).sort((a, b) => a - b)

onIstio('run-command', ({ cluster }) => {
  afterAll(endCommands)

  describe('evenly run istio-off istio-mesh', () => {
    let ended: Ended
    let off: ScenarioResult
    let mesh: ScenarioResult
    beforeAll(async () => {
      ended = await evenly(['run', 'istio-off', 'istio-mesh', '-o', 'json'])
      ;[off, mesh] = resultsIn(ended) as [ScenarioResult, ScenarioResult]
    })

    it('exits 0, with two results in the order they were asked for in', () => {
      expect(ended.code, ended.stderr).toBe(0)
      expect(resultsIn(ended).map(({ scenario }) => scenario)).toEqual(['istio-off', 'istio-mesh'])
    })

    it('shows every call on one of three pods where Istio keeps out', () => {
      expect(off).toMatchObject({ expected: 'pinned', verdict: 'pinned', requests: 300, failed: 0, clients: 1 })
      expect(sorted(off.counts)).toEqual([0, 0, 300])
      expect(off.reason).toMatch(/^All 300 calls went to echo-\S+, of 3 peers\.$/)
    })

    it('shows the same client and servers even where Istio is', () => {
      expect(mesh, mesh.reason).toMatchObject({
        expected: 'even',
        verdict: 'even',
        requests: 300,
        failed: 0,
        clients: 1,
      })
      expect(sorted(mesh.counts).reduce((sum, calls) => sum + calls, 0)).toBe(300)
      expect(Object.keys(mesh.counts).sort()).toEqual(Object.keys(mesh.pods).sort())
    })

    it('finds that clients, servers and, in the mesh, Envoy counted the same', () => {
      expect(off.truth).toMatchObject({ agrees: true, client: off.counts, server: off.counts, proxy: null })
      expect(mesh.truth).toMatchObject({ agrees: true, client: mesh.counts, server: mesh.counts, proxy: mesh.counts })
      expect(Math.min(...Object.values(mesh.truth.proxyConnections ?? {}))).toBeGreaterThan(0)
    })

    it('tells the story on standard error as it goes', () => {
      expect(ended.stderr).toMatch(
        /installing servers\n.*counting 300 calls\n.*istio-off: pinned: All 300 calls went to .*istio-mesh: even: /s,
      )
    })

    it('leaves no namespace', async () => {
      expect(ended.stderr.match(/making namespace evenly-istio-(off|mesh)-\w+/g)).toHaveLength(2)
      expect(await namespacesLeft(ended)).toEqual([])
    })
  })

  describe('--clients 4', () => {
    const withFour = async (scenario: string) => {
      const ended = await evenly(['run', scenario, '--clients', '4', '-o', 'json'])
      expect(ended.code, ended.stderr).toBe(0)
      expect(await namespacesLeft(ended)).toEqual([])
      return resultsIn(ended)[0] as ScenarioResult
    }

    it('adds up the tallies of clients that each balance for themselves', async () => {
      const result = await withFour('headless-round-robin')
      expect(result, result.reason).toMatchObject({ verdict: 'even', clients: 4, requests: 1200, failed: 0 })
      const [least = 0, , most = 0, ...more] = sorted(result.counts)
      expect(more).toEqual([])
      // Each client may be in the midst of its turn, in which some pods have had one call more than others.
      expect(most - least, Object.values(result.counts).join(' / ')).toBeLessThanOrEqual(4)
      expect(result.truth).toMatchObject({ agrees: true, server: result.counts, proxy: null })
    })

    it('finds them pinned, each to one pod, however many pods that makes', async () => {
      const result = await withFour('cluster-ip')
      expect(result).toMatchObject({ verdict: 'pinned', clients: 4, requests: 1200, failed: 0 })
      expect(result.reason).toBe('Each of 4 clients stayed on one pod.')
      expect(sorted(result.counts).map((calls) => calls % 300)).toEqual([0, 0, 0])
      expect(result.truth).toMatchObject({ agrees: true, server: result.counts })
    })
  })

  it('leaves the namespace with --keep, labelled, its servers in it, and says how to remove it', async () => {
    const ended = await evenly('run istio-off --keep --servers 2 --requests 40 --concurrency 4 -o json'.split(' '))
    expect(ended.code, ended.stderr).toBe(0)
    const [result] = resultsIn(ended)
    expect(result).toMatchObject({ verdict: 'pinned', requests: 40 })
    const [, name = '', command = ''] = /^kept namespace (\S+): (.+) removes it$/m.exec(ended.stderr) ?? []
    expect(await namespacesLeft(ended)).toEqual([name])
    expect(command).toBe(`kubectl delete namespace ${name}`)
    const { labels } = JSON.parse(await cluster.kubectl(['get', 'namespace', name, '-o', 'json'])).metadata
    expect(labels).toMatchObject({
      'app.kubernetes.io/part-of': 'evenly',
      'app.kubernetes.io/managed-by': 'evenly-run',
      'istio-injection': 'disabled',
    })
    const servers = ['get', 'pods', '-n', name, '-l', 'app.kubernetes.io/component=server', '-o', 'name']
    const pods = Object.keys(result?.pods ?? {}).map((pod) => `pod/${pod}`)
    expect(pods).toHaveLength(2)
    expect((await cluster.kubectl(servers)).trim().split('\n').sort()).toEqual(pods.sort())
    await cluster.kubectl([...command.split(' ').slice(1), '--wait=false'])
  })

  it('exits 79 for a row that is not as expected: a headless Service, whose DestinationRule nobody heeds', async () => {
    const ended = await evenly(['run', 'istio-mesh', '--set', 'service.clusterIP=None', '-o', 'json'])
    expect(ended.code, ended.stderr).toBe(79)
    const [result] = resultsIn(ended)
    expect(result).toMatchObject({ expected: 'even', verdict: 'pinned', failed: 0, truth: { agrees: true } })
    expect(sorted(result?.counts ?? {})).toEqual([0, 0, 300])
    expect(await namespacesLeft(ended)).toEqual([])
  })
})
