import { setTimeout as sleep } from 'node:timers/promises'
import type { EchoProcess } from './echo-process.ts'
import type { Lab, LabPod } from './lab.ts'
import { refused } from './refusal.ts'
import { followsPods, openTarget, ownPolicy, startClient } from './scenario-client.ts'
import type { ScenarioRun } from './scenario-run.ts'
import type { LabScenario } from './scenarios.ts'

/** How long a pod that leaves goes on serving. */
const servingOnMilliseconds = 300
const minimumPods = 1
/** Pods that a scenario may be scaled to. */
export const maximumPods = 9
const maximumDelayMilliseconds = 5000
const policies = ['pick_first', 'round_robin', 'least_request']
const waitingAtMost = 5

/** What may be done to a scenario, as the page shows it. */
export interface ScenarioControls {
  readonly name: string
  readonly pods: readonly string[]
  readonly policy: string
  readonly policies: readonly string[]
  readonly actions: readonly string[]
  readonly minimumPods: number
  readonly maximumPods: number
  readonly maximumDelayMilliseconds: number
  /** The pod that waits before it answers. */
  readonly slow: { readonly pod: string; readonly delayMilliseconds: number } | null
}

/** A scenario after its verdict whose real pods and client can be changed; each action tells in a sentence what it did. */
export class ControlledScenario {
  private readonly scenario: LabScenario
  private readonly lab: Lab
  private readonly living: LabPod[]
  private client: EchoProcess
  private policy: string
  private slowed: { pod: string; delayMilliseconds: number } | null = null
  private last: Promise<unknown> = Promise.resolve()
  private waiting = 0

  /** @param run with pods of its own. */
  constructor(scenario: LabScenario, lab: Lab, { client, pods, slowPod }: ScenarioRun) {
    this.scenario = scenario
    this.lab = lab
    this.client = client
    this.living = [...pods]
    this.policy = ownPolicy(scenario)
    const { slowPodMilliseconds: delayMilliseconds = 0 } = scenario
    if (slowPod !== undefined) this.slowed = { pod: slowPod, delayMilliseconds }
  }

  /** The admin server of the client that calls at the moment. */
  get admin(): string {
    return this.client.admin
  }

  get pods(): readonly string[] {
    return this.living.map(({ name }) => name)
  }

  /** What the control plane tells the client to use; undefined where there is none. */
  get toldPolicy(): string | undefined {
    return this.scenario.dial === 'lookaside' ? this.policy : undefined
  }

  describe(): ScenarioControls {
    const { pods, policy, slowed: slow } = this
    const limits = { minimumPods, maximumPods, maximumDelayMilliseconds }
    return {
      name: this.scenario.name,
      pods,
      policy,
      policies,
      actions: ['scale', 'kill', 'slow', 'policy'],
      ...limits,
      slow,
    }
  }

  /** Runs one action after the other, in the order they came. */
  async inTurn(action: () => Promise<string>): Promise<string> {
    if (this.waiting >= waitingAtMost)
      throw refused(409, `${this.scenario.name} has ${waitingAtMost} things to do already: wait for them.`)
    this.waiting++
    const before = this.last
    const done = before.catch(() => undefined).then(action)
    this.last = done
    return done.finally(() => this.waiting--)
  }

  /** Starts the pods with the lowest free numbers, or ends those with the highest, as Kubernetes ends pods. */
  async scale(count: number): Promise<string> {
    const { name } = this.scenario
    if (!Number.isSafeInteger(count) || count < minimumPods || count > maximumPods) {
      throw refused(400, `${name} may have ${minimumPods} to ${maximumPods} pods.`)
    }
    const more = count - this.living.length
    if (more === 0) return `${name} has ${inWords(count)} already.`
    const changed = more > 0 ? await this.grow(more) : await this.shrink(-more)
    return `${name} has ${inWords(count)} now: ${changed.join(', ')} ${more > 0 ? 'joined' : 'left'}.`
  }

  /** Ends the pod's process by SIGKILL. It stays away until the scenario is scaled up again. */
  async kill(pod: string): Promise<string> {
    const found = this.podNamed(pod)
    if (this.living.length === 1) throw refused(409, `${pod} is the last pod of ${this.scenario.name}: scale up first.`)
    await found.end('SIGKILL')
    await this.withdraw([found])
    return `${pod} was killed, and ${this.scenario.name} has ${inWords(this.living.length)} left.`
  }

  /** Has the pod wait before it answers the scenario's client; one pod at a time. */
  async slow(pod: string, delayMilliseconds: number): Promise<string> {
    this.podNamed(pod)
    const within = delayMilliseconds >= 0 && delayMilliseconds <= maximumDelayMilliseconds
    if (!Number.isSafeInteger(delayMilliseconds) || !within) {
      throw refused(400, `delayMilliseconds must be a whole number from 0 to ${maximumDelayMilliseconds}.`)
    }
    if (delayMilliseconds === 0 && this.slowed?.pod !== pod) return `${pod} answers at once already.`
    const before = this.slowed?.pod
    await this.tellSlow(delayMilliseconds === 0 ? null : { pod, delayMilliseconds })
    if (delayMilliseconds === 0) return `${pod} answers at once again.`
    const other = before === undefined || before === pod ? '' : `, and ${before} answers at once again`
    return `${pod} waits ${delayMilliseconds} ms before each answer now${other}.`
  }

  /** Puts a client with another policy in the old one's place, or has the control plane tell the client another. */
  async choosePolicy(policy: string): Promise<string> {
    if (!policies.includes(policy)) throw refused(400, `The policies are ${policies.join(', ')}.`)
    if (policy === this.policy) return `The client of ${this.scenario.name} uses ${policy} already.`
    if (this.scenario.dial === 'lookaside') {
      await openTarget(this.scenario, this.lab, this.living, policy)
      this.policy = policy
      return `The control plane told the client of ${this.scenario.name} to use ${policy}.`
    }
    await this.restartClient(policy)
    return `The client of ${this.scenario.name} was started anew, with ${policy}.`
  }

  private async grow(count: number): Promise<string[]> {
    const taken = new Set(this.pods)
    const free = Array.from({ length: maximumPods }, (_, index) => index).filter(
      (index) => !taken.has(`pod-${index + 1}`),
    )
    const age = this.scenario.maxConnectionAgeSeconds ?? 0
    const joining = free.slice(0, count).map((index) => this.lab.pod(index, age, this.scenario.name))
    const joined = await Promise.all(joining)
    this.living.push(...joined)
    this.living.sort(byNumber)
    await this.publish()
    return joined.map(({ name }) => name)
  }

  private async shrink(count: number): Promise<string[]> {
    const leaving = this.living.slice(-count)
    // Forgotten first: whoever looks for pods must not find one that is about to go.
    await this.withdraw(leaving)
    // As the chart's pods do before they stop: who is told over the network hears of it a moment later.
    await sleep(servingOnMilliseconds)
    await Promise.all(leaving.map((pod) => pod.end('SIGTERM')))
    return leaving.map(({ name }) => name)
  }

  private async withdraw(gone: readonly LabPod[]): Promise<void> {
    for (const pod of gone) this.living.splice(this.living.indexOf(pod), 1)
    if (gone.some(({ name }) => name === this.slowed?.pod)) await this.tellSlow(null)
    await this.publish()
  }

  private async publish(): Promise<void> {
    await openTarget(this.scenario, this.lab, this.living, this.policy)
    if (!followsPods(this.scenario, this.lab)) await this.restartClient(this.policy)
  }

  /** The new one calls before the old one goes: the page has no gap. */
  private async restartClient(policy: string): Promise<void> {
    const old = this.client
    const target = await openTarget(this.scenario, this.lab, this.living, policy)
    this.client = await startClient(this.scenario, this.lab, target, policy)
    this.policy = policy
    if (this.slowed) await this.tellSlow(this.slowed)
    await old.stop()
  }

  private async tellSlow(slow: { pod: string; delayMilliseconds: number } | null): Promise<void> {
    await this.client.tell({ slowPeer: slow?.pod ?? '', delayMilliseconds: slow?.delayMilliseconds ?? 0 })
    this.slowed = slow
  }

  private podNamed(pod: string): LabPod {
    const found = this.living.find(({ name }) => name === pod)
    if (found) return found
    throw refused(404, `${this.scenario.name} has no pod ${pod}: it has ${this.pods.join(', ')}.`)
  }
}

const inWords = (count: number): string => `${count} ${count === 1 ? 'pod' : 'pods'}`
const byNumber = (a: LabPod, b: LabPod): number => numberOf(a) - numberOf(b)
const numberOf = ({ name }: LabPod): number => Number(name.split('-')[1])
