import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ControlledScenario, type ScenarioControls } from '../../scripts/lab/controlled-scenario.ts'
import { LabControls } from '../../scripts/lab/controls.ts'
import { Lab } from '../../scripts/lab/lab.ts'
import { type PageServer, startPageServer } from '../../scripts/lab/page-server.ts'
import { runScenario } from '../../scripts/lab/scenario-run.ts'
import { type LabScenario, labScenarios } from '../../scripts/lab/scenarios.ts'
import { calledIn, endpoints, inFlight, lastMinutes, served } from './controlled-client.ts'

const patient = { timeout: 30_000, interval: 50 }
const names = ['headless-round-robin', 'cluster-ip']

let lab: Lab
let page: PageServer
const controlled = new Map<string, ControlledScenario>()
beforeAll(async () => {
  lab = await Lab.open(18, false)
  const controls = new LabControls([...names, 'headless-max-age'])
  page = await startPageServer('127.0.0.1:0', controls)
  for (const name of names) {
    const scenario = labScenarios.find((one) => one.name === name) as LabScenario
    const run = await runScenario(scenario, lab, { servers: 2, requests: 20, ownPods: true, progress: () => {} })
    controlled.set(name, new ControlledScenario(scenario, lab, run))
    controls.add(name, controlled.get(name) as ControlledScenario)
  }
}, 120_000)
afterAll(() => Promise.all([page.close(), lab.stop()]))

describe('the controls of the lab', () => {
  it('tell what may be done to each scenario that has its verdict', async () => {
    const both = { pods: ['pod-1', 'pod-2'], minimumPods: 1, maximumPods: 9, slow: null }
    expect((await shown()).map(({ actions, policies, maximumDelayMilliseconds, ...rest }) => rest)).toEqual([
      { name: 'cluster-ip', policy: 'pick_first', ...both },
      { name: 'headless-round-robin', policy: 'round_robin', ...both },
    ])
  })

  it.each([
    [
      404,
      { scenario: 'istio', action: 'scale', pods: 3 },
      /^There is no scenario istio: there are headless-round-robin, /,
    ],
    [
      409,
      { scenario: 'headless-max-age', action: 'scale', pods: 3 },
      /^headless-max-age is not judged yet: wait for its verdict\.$/,
    ],
    [400, { scenario: 'cluster-ip', action: 'delete' }, /^The action must be scale, kill, slow or policy\.$/],
    [400, { scenario: 'cluster-ip', action: 'scale', pods: 0 }, /^cluster-ip may have 1 to 9 pods\.$/],
    [400, { scenario: 'cluster-ip', action: 'scale', pods: 10 }, /^cluster-ip may have 1 to 9 pods\.$/],
    [400, { scenario: 'cluster-ip', action: 'scale', pods: 2.5 }, /^cluster-ip may have 1 to 9 pods\.$/],
    [400, { scenario: 'cluster-ip', action: 'scale', pods: '3' }, /^The field pods must be a number\.$/],
    [
      404,
      { scenario: 'cluster-ip', action: 'kill', pod: 'pod-7' },
      /^cluster-ip has no pod pod-7: it has pod-1, pod-2\.$/,
    ],
    [404, { scenario: 'cluster-ip', action: 'slow', pod: 'pod-7', delayMilliseconds: 5 }, /has no pod pod-7/],
    [400, { scenario: 'cluster-ip', action: 'slow', pod: 'pod-1', delayMilliseconds: 5001 }, /from 0 to 5000\.$/],
    [400, { scenario: 'cluster-ip', action: 'slow', pod: 'pod-1', delayMilliseconds: -1 }, /from 0 to 5000\.$/],
    [
      400,
      { scenario: 'cluster-ip', action: 'policy', policy: 'grpclb' },
      /^The policies are pick_first, round_robin, least_request\.$/,
    ],
    [400, { action: 'scale', pods: 3 }, /^The field scenario must be a text\.$/],
    [400, [], /^Send an object such as /],
  ])('answer %i to %j', async (status, body, sentence) => {
    expect(await press(body)).toEqual([status, { error: expect.stringMatching(sentence) }])
  })

  it('are not for a page of another site', async () => {
    const kill = { scenario: 'cluster-ip', action: 'kill', pod: 'pod-1' }
    expect((await press(kill, { origin: 'http://evil.example' }))[0]).toBe(403)
    expect(controlled.get('cluster-ip')?.pods).toEqual(['pod-1', 'pod-2'])
  })

  it('are absent where others than this machine reach the page', async () => {
    const open = await startPageServer('0.0.0.0:0', new LabControls([]))
    expect((await fetch(`${open.url}/controls`)).status).toBe(404)
    await open.close()
  })
})

describe('a scenario under control', { timeout: 180_000 }, () => {
  const of = (name: string) => controlled.get(name) as ControlledScenario
  const act = (body: object) => press({ scenario: 'headless-round-robin', ...body })

  it('loses a pod for good that is killed, and its client finds the others', async () => {
    const address = addressOf('pod-2')
    await act({ action: 'slow', pod: 'pod-2', delayMilliseconds: 2000 })
    await vi.waitFor(
      async () => expect(await inFlight(of('headless-round-robin'), 'pod-2')).toBeGreaterThan(30),
      patient,
    )
    expect(await act({ action: 'kill', pod: 'pod-2' })).toEqual([
      200,
      { done: 'pod-2 was killed, and headless-round-robin has 1 pod left.' },
    ])
    expect(await served(address)).toBeUndefined()
    // Cut, where a pod that is asked to leave would have answered.
    expect((await lastMinutes(of('headless-round-robin'))).errors.UNAVAILABLE).toBeGreaterThan(20)
    expect(of('headless-round-robin').pods).toEqual(['pod-1'])
    await vi.waitFor(async () => expect(await calledIn(of('headless-round-robin'))).toEqual(['pod-1']), patient)
    await vi.waitFor(async () => expect(await endpoints(of('headless-round-robin'))).toBe(1), patient)
    expect(await act({ action: 'kill', pod: 'pod-1' })).toEqual([
      409,
      { error: 'pod-1 is the last pod of headless-round-robin: scale up first.' },
    ])
  })

  it('gets the lowest free numbers back when it is scaled up, as processes that answer', async () => {
    expect(await act({ action: 'scale', pods: 3 })).toEqual([
      200,
      { done: 'headless-round-robin has 3 pods now: pod-2, pod-3 joined.' },
    ])
    expect(of('headless-round-robin').pods).toEqual(['pod-1', 'pod-2', 'pod-3'])
    expect(await Promise.all(['pod-2', 'pod-3'].map((pod) => served(addressOf(pod))))).toEqual(['pod-2', 'pod-3'])
  })

  it('has a client of another policy, which knows the pods that joined', async () => {
    const before = of('headless-round-robin').admin
    expect((await act({ action: 'policy', policy: 'pick_first' }))[0]).toBe(200)
    await act({ action: 'policy', policy: 'round_robin' })
    expect(of('headless-round-robin').admin).not.toBe(before)
    await expect(fetch(`${before}/livez`)).rejects.toThrow()
    await vi.waitFor(async () => {
      expect(await calledIn(of('headless-round-robin'))).toEqual(['pod-1', 'pod-2', 'pod-3'])
    }, patient)
  })

  it('has calls wait on the pod that is slow, and on no other, until it is not', async () => {
    const slow = { action: 'slow', pod: 'pod-3', delayMilliseconds: 2000 }
    expect(await act(slow)).toEqual([200, { done: 'pod-3 waits 2000 ms before each answer now.' }])
    await vi.waitFor(
      async () => expect(await inFlight(of('headless-round-robin'), 'pod-3')).toBeGreaterThan(30),
      patient,
    )
    expect(await inFlight(of('headless-round-robin'), 'pod-1')).toBeLessThan(10)
    expect(await act({ action: 'slow', pod: 'pod-1', delayMilliseconds: 2000 })).toEqual([
      200,
      { done: 'pod-1 waits 2000 ms before each answer now, and pod-3 answers at once again.' },
    ])
    expect((await shown())[1]?.slow).toEqual({ pod: 'pod-1', delayMilliseconds: 2000 })
    await act({ action: 'slow', pod: 'pod-1', delayMilliseconds: 0 })
    await vi.waitFor(async () => expect(await inFlight(of('headless-round-robin'), 'pod-1')).toBeLessThan(10), patient)
    expect((await shown())[1]?.slow).toBeNull()
  })

  it('does one thing after another, in the order they were asked for', async () => {
    const [first, second] = await Promise.all([act({ action: 'scale', pods: 4 }), act({ action: 'scale', pods: 1 })])
    expect(first[1]).toEqual({ done: 'headless-round-robin has 4 pods now: pod-4 joined.' })
    expect(second[1]).toEqual({ done: 'headless-round-robin has 1 pod now: pod-2, pod-3, pod-4 left.' })
    expect(of('headless-round-robin').pods).toEqual(['pod-1'])
  })

  it('takes only so many things to do', async () => {
    const asked = [3, 1, 1, 1, 1, 1, 1, 1, 1, 1].map((pods) => act({ action: 'scale', pods }))
    const refused = (await Promise.all(asked)).filter(([status]) => status === 409)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.[1]).toEqual({ error: 'headless-round-robin has 5 things to do already: wait for them.' })
  })

  it('has pods that leave answer what they have begun', async () => {
    await act({ action: 'scale', pods: 3 })
    await act({ action: 'policy', policy: 'pick_first' })
    await act({ action: 'policy', policy: 'round_robin' })
    await act({ action: 'slow', pod: 'pod-3', delayMilliseconds: 2000 })
    await vi.waitFor(
      async () => expect(await inFlight(of('headless-round-robin'), 'pod-3')).toBeGreaterThan(30),
      patient,
    )
    await act({ action: 'scale', pods: 2 })
    await vi.waitFor(
      async () => expect(await calledIn(of('headless-round-robin'))).toEqual(['pod-1', 'pod-2']),
      patient,
    )
    // A call that meets two ending connections in a row has used up gRPC's own retry; dozens were waiting on the pod.
    expect((await lastMinutes(of('headless-round-robin'))).failed).toBeLessThan(10)
  })

  it('keeps a ClusterIP in front of the pods there are', async () => {
    const [pinned] = await calledIn(of('cluster-ip'))
    expect((await press({ scenario: 'cluster-ip', action: 'kill', pod: pinned }))[0]).toBe(200)
    const [left] = of('cluster-ip').pods
    await vi.waitFor(async () => expect(await calledIn(of('cluster-ip'))).toEqual([left]), patient)
  })
})

async function press(body: unknown, headers: object = {}): Promise<[number, object]> {
  const asked = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
  const response = await fetch(`${page.url}/controls`, asked)
  return [response.status, (await response.json()) as object]
}

async function shown(): Promise<readonly ScenarioControls[]> {
  return ((await (await fetch(`${page.url}/controls`)).json()) as { scenarios: ScenarioControls[] }).scenarios
}

/** Where the pod listens: addresses go by number. */
function addressOf(pod: string): string {
  return lab.fixedList(0, 9, 'headless-round-robin').slice('ipv4:'.length).split(',')[
    Number(pod.slice(4)) - 1
  ] as string
}
