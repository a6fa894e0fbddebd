import { beforeAll, expect, it } from 'vitest'
import { runJob } from './support/client.ts'
import { onCluster } from './support/on-cluster.ts'
import { countsOver, judgeOver } from './support/spread.ts'

const calls = 300
const clusterIp = 'server-echo:8080'
const headless = 'dns:///server-echo-headless:8080'

onCluster('spread', (namespace) => {
  beforeAll(() => namespace.install('server', { replicaCount: 3 }))

  it('pins every call to one of three pods behind a ClusterIP', async () => {
    const report = await run('cluster-ip', { target: clusterIp })
    expect(report).toMatchObject({ requests: calls, failed: 0, policy: 'pick_first', verdict: 'pinned' })
    expect(countsOver(servers(), report).sort((a, b) => b - a)).toEqual([calls, 0, 0])
  })

  it('spreads calls over three pods to within one call by a headless name and round_robin', async () => {
    const report = await run('round-robin', { target: headless, lbPolicy: 'round_robin' })
    expect(report).toMatchObject({ requests: calls, failed: 0, policy: 'round_robin' })
    const counts = countsOver(servers(), report)
    expect(Math.max(...counts) - Math.min(...counts), counts.join(' / ')).toBeLessThanOrEqual(1)
    expect(judgeOver(servers(), report, 'round_robin')).toMatchObject({ verdict: 'even', requests: calls, peers: 3 })
  })

  it('pins every call by a headless name too where the client keeps the default policy', async () => {
    const report = await run('pick-first', { target: headless })
    expect(report).toMatchObject({ requests: calls, failed: 0, policy: 'pick_first' })
    expect(countsOver(servers(), report).sort((a, b) => b - a)).toEqual([calls, 0, 0])
    expect(judgeOver(servers(), report, 'random').verdict).toBe('pinned')
  })

  const run = (release: string, client: object) =>
    runJob(namespace, release, { client: { ...client, requests: calls } })

  const servers = () => {
    const pods = namespace.pods.of('server')
    expect(pods).toHaveLength(3)
    return pods
  }
})
