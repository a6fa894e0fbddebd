import { setTimeout as sleep } from 'node:timers/promises'
import type { Distribution, JudgedWindow } from '../../services/echo/src/distribution.ts'
import type { Counts } from '../../services/echo/src/tally.ts'
import { outcomeOf } from '../cluster/outcome.ts'
import type { Spread } from '../cluster/result.ts'
import { EvenlyError, exitCode } from '../lib/exit.ts'
import type { EchoProcess } from './echo-process.ts'
import type { Lab, LabPod } from './lab.ts'
import { callsPerSecond, followsPods, openTarget, startClient } from './scenario-client.ts'
import type { LabScenario } from './scenarios.ts'

/** What a scenario showed; `evenly demo -o json` prints a list of these. */
export interface ScenarioResult extends Spread {
  /** Calls of the whole run, scale-up included, how many of them failed, and with which status. */
  readonly total: Pick<Counts, 'requests' | 'failed' | 'errors'>
  /** Each pod that joined to the seconds until its first call; null when it got none within the limit. */
  readonly newPods: Readonly<Record<string, number | null>>
}

/** A scenario after its verdict; its client goes on calling until the lab stops. */
export interface ScenarioRun {
  readonly client: EchoProcess
  /** In the order of their names. */
  readonly pods: readonly LabPod[]
  /** The pod that waits before it answers, where the scenario has one. */
  readonly slowPod: string | undefined
  readonly result: ScenarioResult
}

export interface ScenarioSettings {
  /** Pods to start with. */
  readonly servers: number
  /** Calls of the judged window. */
  readonly requests: number
  /** Whether the scenario has pods that no other shares, so that they can be ended. Default false. */
  readonly ownPods?: boolean
  /** Says what is being waited for. */
  readonly progress: (text: string) => void
}

const newPodLimitSeconds = 20

/** Runs one scenario on the lab's real processes, up to its verdict. */
export async function runScenario(scenario: LabScenario, lab: Lab, settings: ScenarioSettings): Promise<ScenarioRun> {
  const { servers, requests, progress } = settings
  const owner = settings.ownPods ? scenario.name : ''
  progress(`starting ${servers} servers and a client`)
  const pods = await startPods(lab, scenario, 0, servers, owner)
  const client = await startClient(scenario, lab, await firstTarget(scenario, lab, pods, owner))
  const slowPod = scenario.slowPodMilliseconds === undefined ? undefined : pods[0]?.name
  if (slowPod) await client.tell({ slowPeer: slowPod, delayMilliseconds: scenario.slowPodMilliseconds })
  progress(`counting ${requests} calls`)
  let window = await nextWindow(client, requests)
  const newPods: Record<string, number | null> = {}
  if (scenario.addServers) {
    progress(`scaling from ${servers} to ${servers + scenario.addServers} servers`)
    const joining = await startPods(lab, scenario, servers, scenario.addServers, owner)
    pods.push(...joining)
    if (followsPods(scenario, lab)) await openTarget(scenario, lab, pods)
    const since = performance.now()
    progress(`waiting up to ${newPodLimitSeconds} s for the first call to each new pod`)
    for (const { name } of joining) newPods[name] = await firstCallSeconds(client, name, since)
    progress(`counting ${requests} calls`)
    window = await nextWindow(client, requests)
  }
  const { lastMinutes } = await get<Distribution>(client, '/distribution')
  const counts = Object.fromEntries(pods.map(({ name }) => [name, window.counts[name] ?? 0]))
  const judgement = outcomeOf({ judgeAs: scenario.judgeAs, counts, slowPod })
  const { failed } = window
  const { requests: all, failed: lost, errors } = lastMinutes[15]
  const total = { requests: all, failed: lost, errors }
  const { name, expected } = scenario
  const { verdict, reason, ...measures } = judgement
  const measured = { requests: window.requests, failed, counts, ...measures, total, newPods }
  return { client, pods, slowPod, result: { scenario: name, expected, verdict, reason, ...measured } }
}

function startPods(lab: Lab, scenario: LabScenario, first: number, count: number, owner: string): Promise<LabPod[]> {
  const indices = Array.from({ length: count }, (_, index) => first + index)
  return Promise.all(indices.map((index) => lab.pod(index, scenario.maxConnectionAgeSeconds ?? 0, owner)))
}

/** Where a list of addresses is all a client will ever know, it holds those of the pods that join later too. */
function firstTarget(scenario: LabScenario, lab: Lab, pods: readonly LabPod[], owner: string): Promise<string> {
  if (followsPods(scenario, lab)) return openTarget(scenario, lab, pods)
  const count = pods.length + (scenario.addServers ?? 0)
  return Promise.resolve(lab.fixedList(scenario.maxConnectionAgeSeconds ?? 0, count, owner))
}

function nextWindow(client: EchoProcess, size: number): Promise<JudgedWindow> {
  const timeoutSeconds = 15 + (2 * size) / callsPerSecond
  return get<JudgedWindow>(client, `/distribution?next=${size}&timeoutSeconds=${timeoutSeconds}`)
}

async function firstCallSeconds(client: EchoProcess, pod: string, since: number): Promise<number | null> {
  const seconds = () => (performance.now() - since) / 1000
  while (seconds() < newPodLimitSeconds) {
    const { lastMinutes } = await get<Distribution>(client, '/distribution')
    if (lastMinutes[1].counts[pod]) return Math.round(seconds() * 100) / 100
    await sleep(50)
  }
  return null
}

async function get<T>(client: EchoProcess, path: string): Promise<T> {
  const response = await fetch(client.admin + path).catch(() => undefined)
  if (response?.ok) return (await response.json()) as T
  const problem = response ? `answered ${response.status} to ${path}` : 'is gone'
  throw new EvenlyError(exitCode.error, `the lab's client ${problem}; it printed: ${client.output().trim()}`)
}
