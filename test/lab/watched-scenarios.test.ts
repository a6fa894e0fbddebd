import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ControlledScenario } from '../../scripts/lab/controlled-scenario.ts'
import { Lab } from '../../scripts/lab/lab.ts'
import { runScenario } from '../../scripts/lab/scenario-run.ts'
import { type LabScenario, labScenarios } from '../../scripts/lab/scenarios.ts'
import { calledIn, lastMinutes } from './controlled-client.ts'

const patient = { timeout: 60_000, interval: 50 }

// As where loopback has one address: pods differ by port, which an EndpointSlice can tell and an A record cannot.
let lab: Lab
beforeAll(async () => {
  lab = await Lab.open(18, true)
})
afterAll(() => lab.stop())

describe.each(['endpoint-slices', 'lookaside-xds'])('the pods of %s', { timeout: 120_000 }, (name) => {
  let scenario: ControlledScenario
  beforeAll(async () => {
    scenario = await started(name)
  }, 120_000)

  it('are found by the client that runs when they join, and forgotten when they leave', async () => {
    const before = scenario.admin
    await scenario.scale(4)
    await vi.waitFor(async () => expect(await calledIn(scenario)).toEqual(pods(4)), patient)
    await scenario.scale(1)
    await vi.waitFor(async () => expect(await calledIn(scenario)).toEqual(pods(1)), patient)
    expect(scenario.admin).toBe(before)
    expect((await lastMinutes(scenario)).failed).toBe(0)
  })

  it('are found after a kill too', async () => {
    await scenario.scale(3)
    await scenario.kill('pod-2')
    await vi.waitFor(async () => expect(await calledIn(scenario)).toEqual(['pod-1', 'pod-3']), patient)
  })
})

describe('the policy of lookaside-xds', { timeout: 120_000 }, () => {
  it('is told to the client that runs, by the control plane', async () => {
    const scenario = await started('lookaside-xds')
    const before = scenario.admin
    await scenario.scale(3)
    await vi.waitFor(async () => expect(await calledIn(scenario)).toEqual(pods(3)), patient)
    expect(await scenario.choosePolicy('pick_first')).toBe(
      'The control plane told the client of lookaside-xds to use pick_first.',
    )
    await vi.waitFor(async () => expect(await calledIn(scenario)).toHaveLength(1), patient)
    await scenario.choosePolicy('least_request')
    await vi.waitFor(async () => expect(await calledIn(scenario)).toEqual(pods(3)), patient)
    expect([scenario.describe().policy, scenario.toldPolicy]).toEqual(['least_request', 'least_request'])
    expect(scenario.admin).toBe(before)
  })
})

describe('the slow pod of client-least-request', { timeout: 120_000 }, () => {
  it('stays slow under the controls, and can be made quick', async () => {
    const scenario = await started('client-least-request')
    expect(scenario.toldPolicy).toBeUndefined()
    expect(scenario.describe().slow).toEqual({ pod: 'pod-1', delayMilliseconds: 500 })
    expect(await scenario.slow('pod-1', 0)).toBe('pod-1 answers at once again.')
    expect(scenario.describe()).toMatchObject({ slow: null, policies: ['pick_first', 'round_robin', 'least_request'] })
  })
})

async function started(name: string): Promise<ControlledScenario> {
  const scenario = { ...(labScenarios.find((one) => one.name === name) as LabScenario), addServers: 0 }
  const run = await runScenario(scenario, lab, { servers: 2, requests: 40, ownPods: true, progress: () => {} })
  return new ControlledScenario(scenario, lab, run)
}

const pods = (count: number): string[] => Array.from({ length: count }, (_, index) => `pod-${index + 1}`)
