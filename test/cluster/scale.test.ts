import { beforeAll, expect, it } from 'vitest'
import type { Pod } from '../../scripts/cluster/pod.ts'
import { RunningClient } from './support/client.ts'
import { onCluster } from './support/on-cluster.ts'
import { countsOver, judgeOver } from './support/spread.ts'

/** Calls per second of each client. */
const rps = 50
/** Calls in which a client has to find new pods, if it ever does: 20 s, for an age of at most 5.5 s and what DNS keeps. */
const patience = 20 * rps

onCluster('scale', (namespace) => {
  let aging: RunningClient
  let ageless: RunningClient

  beforeAll(async () => {
    await Promise.all([
      namespace.install('aging', { replicaCount: 3, server: { maxConnectionAgeSeconds: 5 } }),
      namespace.install('ageless', { replicaCount: 1 }),
    ])
    ;[aging, ageless] = await Promise.all([startClient('aging'), startClient('ageless')])
  })

  it('spreads calls over the three pods at first', async () => {
    const tally = await aging.next(300, 30)
    expect(judgeOver(namespace.pods.of('aging'), tally, policy)).toMatchObject({ verdict: 'even', peers: 3 })
  })

  it('serves every call from the one pod that is left of three', async () => {
    const [left] = await scale('aging', 1)
    const tally = await aging.next(300, 30)
    expect(tally).toMatchObject({ failed: 0, counts: { [left?.name ?? '']: 300 } })
  })

  it('finds the pods that join while connections age, and never while they live for ever', async () => {
    const [old] = namespace.pods.of('ageless')
    const [, pods] = await Promise.all([scale('aging', 4), scale('ageless', 4)])
    const [found, missed] = await Promise.all([aging.next(patience, 60), ageless.next(patience, 60)])

    const counts = countsOver(namespace.pods.of('aging'), found)
    expect(Math.min(...counts), `calls per pod with an age: ${counts.join(' / ')}`).toBeGreaterThan(0)
    expect(missed.counts, `of ${pods.map(({ name }) => name).join(', ')}`).toEqual({ [old?.name ?? '']: patience })
    expect(judgeOver(pods, missed, policy)).toMatchObject({ verdict: 'pinned', peers: 4 })
  })

  it('spreads calls evenly over the four pods from then on', async () => {
    const tally = await aging.next(400, 30)
    const verdict = judgeOver(namespace.pods.of('aging'), tally, policy)
    expect(verdict, verdict.reason).toMatchObject({ verdict: 'even', peers: 4 })
  })

  it('loses no call on all of these ways', async () => {
    for (const client of [aging, ageless]) expect(await client.stop()).toMatchObject({ failed: 0, errors: {} })
  })

  // Connections end at their age inside a window, and a peer misses its turn while it is connected again: the strict band
  // of round robin (busiest and idlest differ by one call) holds only while connections live.
  const policy = 'random'

  const startClient = (servers: string) =>
    RunningClient.start(namespace, `${servers}-client`, {
      client: {
        target: `dns:///${servers}-echo-headless:8080`,
        lbPolicy: 'round_robin',
        rps,
        dnsMinIntervalSeconds: 1,
      },
      // Connections of one age end together: a call that meets two of them has used up gRPC's own, transparent retry.
      args: servers === 'aging' ? ['--max-attempts', '4'] : [],
    })

  /** Scales a release's servers; resolves to its pods once they are as many, all ready, and the others gone. */
  async function scale(release: string, replicas: number): Promise<Pod[]> {
    await namespace.kubectl('scale', `deployment/${release}-echo`, `--replicas=${replicas}`)
    return namespace.pods.until(`${replicas} ready pods of ${release} and no other`, 90, () => {
      const pods = namespace.pods.of(release)
      return pods.length === replicas && pods.every(({ ready, leaving }) => ready && !leaving) && pods
    })
  }
})
