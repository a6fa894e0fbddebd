import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { endCommands, runEcho } from '../../../support/echo-command.ts'
import { type EchoPod, startPod } from '../../../support/echo-pod.ts'

const pods: EchoPod[] = []
afterEach(async () => {
  await endCommands()
  await Promise.all(pods.splice(0).map((pod) => pod.stop()))
})

async function start(name: string, ...args: string[]): Promise<void> {
  pods.push(await startPod(name, `127.0.0.${21 + pods.length}:0`, args))
}

/** The report of `echo -h` that calls all pods with this policy. */
async function reportOf(policy: object, ...args: string[]) {
  const file = join(await mkdtemp(join(tmpdir(), 'evenly-policy-')), 'report.json')
  const target = `ipv4:${pods.map(({ address }) => address).join()}`
  const config = JSON.stringify({ loadBalancingConfig: [policy] })
  const quiet = ['--quiet', '--admin-listen', '127.0.0.1:0', '--report', file]
  const { code, stderr } = await runEcho(['-h', target, '--service-config', config, ...quiet, ...args]).ended
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(await readFile(file, 'utf8'))
}

describe('echo -h', () => {
  it('keeps 100 keys to one pod each with ring_hash_experimental', async () => {
    for (const name of ['a', 'b', 'c']) await start(name)
    const policy = { ring_hash_experimental: { requestHashHeader: 'x-user' } }
    const args = ['--key-header', 'x-user', '--keys', '100', '--requests', '600', '--concurrency', '5']
    const report = await reportOf(policy, ...args)
    expect(report).toMatchObject({ policy: 'ring_hash_experimental', requests: 600, failed: 0 })
    const served = Object.values(report.keys).map((counts) => Object.values(counts as Record<string, number>))
    expect(served).toEqual(Array(100).fill([6]))
    expect(Object.keys(report.counts)).toEqual(['a', 'b', 'c'])
  })

  it('gives the pod at utilization .8 a quarter of the others with evenly_weighted_round_robin', async () => {
    await start('a', '--utilization', '.2')
    await start('b', '--utilization', '.2')
    await start('c', '--utilization', '.8')
    const soon = { reportingPeriod: '0.2s', blackoutPeriod: '0s', weightUpdatePeriod: '0.1s' }
    const args = ['--requests', '900', '--concurrency', '3', '--timeout-seconds', '30']
    const { counts, failed } = await reportOf({ evenly_weighted_round_robin: soon }, ...args)
    expect(failed).toBe(0)
    // Calls of the first tenth of a second take turns.
    expect(counts.c / 900).toBeGreaterThan(0.1)
    expect(counts.c / 900).toBeLessThan(0.2)
    expect(Math.abs(counts.a - counts.b)).toBeLessThan(20)
  })

  it('refuses ring_hash_experimental without a header', async () => {
    const { code, stderr } = await runEcho(['-h', '127.0.0.1:1', '--lb-policy', 'ring_hash_experimental']).ended
    expect([code, stderr]).toEqual([64, expect.stringMatching(/ring_hash_experimental/)])
  })
})
