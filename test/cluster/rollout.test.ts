import { beforeAll, describe, expect, it } from 'vitest'
import type { Pod } from '../../scripts/cluster/pod.ts'
import { PortForward } from '../../scripts/cluster/port-forward.ts'
import type { Report } from '../../services/echo/src/report.ts'
import type { Counts } from '../../services/echo/src/tally.ts'
import { measure } from '../support/measure.ts'
import { RunningClient } from './support/client.ts'
import { onCluster } from './support/on-cluster.ts'
import { judgeOver } from './support/spread.ts'

/** Servers: connections of some end at an age; those of the others would live for ever if their pods did. */
const servers = {
  aging: { replicaCount: 3, server: { maxConnectionAgeSeconds: 10 } },
  ageless: { replicaCount: 3 },
}

/** Who calls them all the while, at a rate that waits for no answer. */
const byName = (release: string) => ({
  target: `dns:///${release}-echo-headless:8080`,
  lbPolicy: 'round_robin',
  dnsMinIntervalSeconds: 1,
})
const callers = {
  'by-name': { servers: 'ageless', client: { ...byName('ageless'), rps: 50 } },
  'cluster-ip': { servers: 'ageless', client: { target: 'ageless-echo:8080', rps: 50 } },
  // Some of these calls are always running when a pod is told to stop.
  'long-calls': {
    servers: 'ageless',
    client: { ...byName('ageless'), rps: 10 },
    args: ['--delay-milliseconds', '3000'],
  },
  // Connections of one age end together: a call that meets two of them has used up gRPC's own, transparent retry.
  'max-age': { servers: 'aging', client: { ...byName('aging'), rps: 50 }, args: ['--max-attempts', '4'] },
} as const
type Caller = keyof typeof callers

onCluster('rollout', (namespace) => {
  beforeAll(async () => {
    await Promise.all(Object.entries(servers).map(([release, values]) => namespace.install(release, values)))
  })

  const restart = () => namespace.kubectl('rollout', 'restart', 'deployment/aging-echo', 'deployment/ageless-echo')

  const upgrade = () =>
    Promise.all(
      Object.entries(servers).map(([release, values]) =>
        namespace.install(release, { ...values, shutdown: { drainSeconds: 15 } }),
      ),
    )

  describe.each([
    { how: 'kubectl rollout restart', id: 'restart', roll: restart },
    { how: 'helm upgrade with a changed value', id: 'upgrade', roll: upgrade },
  ])('$how', ({ how, id, roll }) => {
    let old: Pod[]
    let before: Record<Caller, Counts>
    let after: Record<Caller, Counts>
    let reports: Record<Caller, Report>
    let late: Report | string

    beforeAll(async () => {
      const clients = await forEachCaller((name, calling) => RunningClient.start(namespace, `${name}-${id}`, calling))
      old = pods()
      before = await forEachCaller((name) => clients[name].next(30, 30))
      const lateCalls = callLate(old[0] as Pod).catch((error: Error) => error.message)
      await roll()
      await namespace.pods.until(`three new pods of each release after ${how}, and the old ones gone`, 120, () => {
        const fresh = pods().filter(({ name }) => !isOld(name))
        return fresh.length === 6 && pods().length === 6 && fresh.every(({ ready }) => ready)
      })
      late = await lateCalls
      after = await forEachCaller((name) => clients[name].next(name === 'long-calls' ? 30 : 300, 60))
      reports = await forEachCaller((name) => clients[name].stop())
    })

    it.each(Object.keys(callers) as Caller[])('fails no call of client %s', (name) => {
      const { requests, failed, errors } = reports[name]
      expect({ failed, errors }).toEqual({ failed: 0, errors: {} })
      expect(requests).toBeGreaterThanOrEqual(name === 'long-calls' ? 60 : 330)
    })

    it('ends every old pod with exit code 0', () => {
      const ends = namespace.pods.all().filter(({ name }) => isOld(name))
      expect(ends.map(({ gone, exitCode }) => ({ gone, exitCode }))).toEqual(
        Array.from({ length: 6 }, () => ({ gone: true, exitCode: 0 })),
      )
    })

    it.each(Object.keys(callers) as Caller[])('moves client %s from old pods to new ones alone', (name) => {
      expect(Object.keys(before[name].counts).filter((pod) => !isOld(pod))).toEqual([])
      expect(Object.keys(after[name].counts).filter(isOld)).toEqual([])
    })

    it('takes new connections on a pod that is being deleted, from those who have not heard of it', () => {
      expect(late).toMatchObject({ requests: 15, failed: 0, counts: { [old[0]?.name ?? '']: 15 } })
    })

    it.each(['by-name', 'max-age'] as const)('serves client %s from all of the new pods evenly', (name) => {
      const verdict = judgeOver(namespace.pods.of(callers[name].servers), after[name], 'random')
      expect(verdict, verdict.reason).toMatchObject({ verdict: 'even', peers: 3 })
    })

    /** Dials a pod that has been told to go, and calls it for three seconds, as who still has its address does. */
    const callLate = async (pod: Pod) => {
      const forward = await PortForward.open(namespace, pod.name, 8080)
      try {
        await namespace.pods.until(`${pod.name} to leave after ${how}`, 90, () => find(pod.name)?.leaving)
        return await measure(forward.address, ...'--rps 5 --requests 15 --ready-timeout-seconds 1 --quiet'.split(' '))
      } finally {
        forward.close()
      }
    }

    const find = (name: string) => namespace.pods.all().find((pod) => pod.name === name)
    const pods = () => Object.keys(servers).flatMap((release) => namespace.pods.of(release))
    const isOld = (name: string) => old.some((pod) => pod.name === name)
  })
})

async function forEachCaller<T>(
  act: (name: Caller, calling: (typeof callers)[Caller]) => Promise<T>,
): Promise<Record<Caller, T>> {
  const names = Object.keys(callers) as Caller[]
  const done = await Promise.all(names.map(async (name) => [name, await act(name, callers[name])] as const))
  return Object.fromEntries(done) as Record<Caller, T>
}
