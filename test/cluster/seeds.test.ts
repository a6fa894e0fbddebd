import { expect, it, vi } from 'vitest'
import { onCluster } from './support/on-cluster.ts'

const servers = 'upgrade --install grpc-server charts/echo --set replicaCount=3'
const client = 'upgrade --install grpc-client charts/echo --set args[0]=-h,args[1]=grpc-server-echo:8080'
const job =
  'upgrade --install grpc-client-job charts/echo -f values/client-job.yaml --set client.target=grpc-server-echo:8080'

onCluster('seeds', (namespace) => {
  it('installs servers, a client and a Job one after another, as a newcomer types them, without waiting', async () => {
    for (const command of [servers, client, job]) await namespace.helm(command.split(' '))
    const { pods } = namespace
    await pods.until('three ready servers and a ready client', 90, () => {
      return readyOf('grpc-server').length === 3 && readyOf('grpc-client').length === 1
    })
  })

  it('completes the Job, whose log tells the tally of 300 calls and that they were pinned', async () => {
    await namespace.kubectl('wait', '--for=condition=complete', '--timeout=60s', 'job/grpc-client-job-echo')
    const log = await namespace.kubectl('logs', 'job/grpc-client-job-echo')
    expect(log).toMatch(/^300 calls to grpc-server-echo:8080 in \d+\.\d s, 0 failed$/m)
    const tally = [...log.matchAll(/^ {2}(\S+) +(\d+) +(\S+) % █*$/gm)].map(([, ...columns]) => columns)
    expect(tally).toEqual([[expect.stringMatching(/^grpc-server-echo-/), '300', '100.0']])
    expect(log).toMatch(/^verdict: pinned: /m)
  })

  it('shows one pod only in the log of the client, which calls every five seconds', async () => {
    const seen = await vi.waitFor(
      async () => {
        const names = servedBy(await namespace.kubectl('logs', 'deployment/grpc-client-echo'))
        expect(names.length, 'calls in the log of the client').toBeGreaterThanOrEqual(4)
        return names
      },
      { timeout: 60_000, interval: 500 },
    )
    expect(new Set(seen).size, seen.join(', ')).toBe(1)
    expect(readyOf('grpc-server').map(({ name }) => name)).toContain(seen[0])
  })

  const readyOf = (release: string) => namespace.pods.of(release).filter(({ ready }) => ready)
})

/** Who served each call that a client's log tells of. */
const servedBy = (log: string): string[] => [...log.matchAll(/^call \d+ served by (\S+)/gm)].map(([, pod = '']) => pod)
