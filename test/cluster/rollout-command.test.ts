import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScenarioResult } from '../../scripts/cluster/result.ts'
import type { Rebalance } from '../../scripts/cluster/stopwatch/rebalance-types.ts'
import { endCommands, evenly, namespacesLeft } from './support/evenly-command.ts'
import { onIstio } from './support/on-istio.ts'

type Result = ScenarioResult & { readonly rebalance: Rebalance }

/** What a change under load showed; whatever it was, it leaves nothing. */
async function resultOf(command: string, code = 0): Promise<Result> {
  const ended = await evenly([...command.split(' '), '-o', 'json'], { limitSeconds: 240 })
  expect(ended.code, ended.stderr).toBe(code)
  expect(await namespacesLeft(ended)).toEqual([])
  const [result, ...more] = JSON.parse(ended.stdout)
  expect(more).toEqual([])
  return result
}

const checksOf = ({ checks }: Result): object => Object.fromEntries(checks.map(({ what, met }) => [what, met]))
const phasesOf = ({ rebalance }: Result): string[] => rebalance.errors.map(({ phase }) => phase)
const firstCalls = ({ rebalance }: Result): (number | null)[] =>
  rebalance.joined.map(({ firstCallSeconds }) => firstCallSeconds)

onIstio('rollout-command', () => {
  afterAll(endCommands)

  describe.each(['istio-mesh', 'headless-max-age'])('evenly rollout %s', (scenario) => {
    let result: Result
    beforeAll(async () => {
      result = await resultOf(`rollout ${scenario}`)
    })

    it('fails none of at least 5,000 calls at 100 a second', () => {
      const { requests, failed, errors, rebalance } = result
      expect({ failed, errors }).toEqual({ failed: 0, errors: {} })
      expect(requests).toBeGreaterThanOrEqual(5000)
      expect(rebalance).toMatchObject({ requests, failed: 0 })
      expect(checksOf(result)).toEqual({ 'no call fails': true })
      const perSecond =
        rebalance.errors.reduce((sum, phase) => sum + phase.requests, 0) / rebalance.series.seconds.length
      expect(perSecond).toBeGreaterThan(85)
      expect(perSecond).toBeLessThan(115)
    })

    it('replaces all three pods while calls come, and spreads them over the new ones', () => {
      expect(phasesOf(result)).toEqual(['steady', 'rollout', 'after'])
      expect(Math.min(...result.rebalance.errors.map(({ requests }) => requests))).toBeGreaterThan(0)
      const [joined, left] = [result.rebalance.joined, result.rebalance.left].map((pods) => pods.map(({ pod }) => pod))
      expect(joined).toHaveLength(3)
      expect(left).toHaveLength(3)
      expect(left?.filter((pod) => joined?.includes(pod))).toEqual([])
      expect(Object.keys(result.counts).sort()).toEqual(joined?.sort())
      expect(result, result.reason).toMatchObject({ expected: 'even', verdict: 'even' })
    })
  })

  it('shows what fails without grace, and exits 79', async () => {
    const result = await resultOf('rollout istio-mesh --set shutdown.graceful=false --requests 2000', 79)
    expect(checksOf(result)).toEqual({ 'no call fails': false })
    expect(result.failed).toBeGreaterThan(0)
    expect(result.requests).toBeGreaterThanOrEqual(2000)
    expect(Object.values(result.errors).reduce((sum, calls) => sum + calls, 0)).toBe(result.failed)
    const phases = result.rebalance.errors.filter(({ errors }) => Object.keys(errors).length > 0)
    expect(phases.map(({ phase }) => phase)).toEqual(['rollout'])
  })

  it('kills a pod with --kill, tells what that cost, and exits 0', async () => {
    const result = await resultOf('rollout headless-round-robin --kill --requests 1500')
    expect(phasesOf(result)).toEqual(['steady', 'killing a pod', 'after'])
    expect(checksOf(result)).toEqual({ 'calls may fail': true })
    const [steady, killing, after] = result.rebalance.errors
    // Ten calls are on their way at a time, a third of them to the pod that goes.
    expect(killing?.errors).toEqual({ UNAVAILABLE: expect.any(Number) })
    expect([steady?.errors, after?.errors]).toEqual([{}, {}])
    expect(result.failed).toBe(killing?.errors.UNAVAILABLE)
    expect(result.checks[0]?.found).toBe(`${result.failed} of ${result.requests} calls failed, in phase killing a pod.`)
  })

  it('scale headless-max-age 3 5: finds both new pods in time', async () => {
    const result = await resultOf('scale headless-max-age 3 5')
    // Age 10 s and a tenth, DNS 1 s, and 5 s.
    expect(checksOf(result)).toEqual({ 'pods that join are found within 17 s': true, 'scaling fails no call': true })
    const waits = firstCalls(result)
    expect(waits).toHaveLength(2)
    for (const seconds of waits) expect(seconds).toBeLessThanOrEqual(17)
    expect(result).toMatchObject({ failed: 0, verdict: 'even', expected: 'even' })
    expect(Object.keys(result.counts)).toHaveLength(5)
  })

  it('scale istio-mesh 3 5: finds both new pods within 2 s', async () => {
    const result = await resultOf('scale istio-mesh 3 5')
    expect(Object.values(checksOf(result))).toEqual([true, true])
    const waits = firstCalls(result)
    expect(waits).toHaveLength(2)
    for (const seconds of waits) expect(seconds, waits.join(' s, ')).toBeLessThanOrEqual(2)
    expect(result).toMatchObject({ failed: 0, verdict: 'even', expected: 'even' })
  })

  it('scale headless-round-robin 3 1 4: never finds the new pods', async () => {
    // A call may be refused by both of the servers that leave together, and gRPC's own retry is one.
    const retries = ['enabled=true', 'budget.minConcurrency=200'].map((value) => `--set loadBalancing.retries.${value}`)
    // Of the two connections that end, the first has the name looked up at once, the second only so long after that.
    const seldom = '--set client.dnsMinIntervalSeconds=300'
    const result = await resultOf(`scale headless-round-robin 3 1 4 ${seldom} ${retries.join(' ')}`)
    expect(phasesOf(result)).toEqual(['steady', 'scaling 3 to 1', 'scaling 1 to 4', 'after'])
    expect(checksOf(result)).toEqual({ 'pods that join are never found': true, 'scaling fails no call': true })
    expect(firstCalls(result)).toEqual([null, null, null])
    expect(result.rebalance.left).toHaveLength(2)
    expect(Object.values(result.counts).filter((calls) => calls > 0)).toHaveLength(1)
    expect(Object.keys(result.counts)).toHaveLength(4)
    expect(result.failed).toBe(0)
  })
})
