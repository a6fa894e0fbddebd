import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { setImmediate as soon } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { Pod } from '../../../scripts/cluster/pod.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import type { Setup } from '../../../scripts/cluster/setup.ts'

/** A pod that serves, if nothing else is said. */
export const podNamed = (name: string, more: Partial<Pod> = {}): Pod => ({
  name,
  uid: name,
  release: 'echo',
  component: 'server',
  ip: '',
  node: '',
  ready: true,
  leaving: false,
  gone: false,
  exitCode: undefined,
  started: true,
  reason: '',
  containers: ['echo'],
  message: '',
  readyAt: 0,
  leavingAt: null,
  goneAt: null,
  ...more,
})

/**
 * A setup without a cluster. Clients log what the test has them say, by their pods' names; nobody waits for pauses, which move
 * the clock that the test has stopped.
 */
export class StandInSetup {
  readonly pods: Pod[]
  readonly scenario: Scenario
  readonly stop = new AbortController()
  readonly installClients = vi.fn(async (_values: object, _args: readonly string[]) => 'echo')
  readonly kubectl = vi.fn(async (..._args: string[]) => '')
  readonly start = vi.fn((args: readonly string[]) => this.logOf(args.at(-1) as string))
  readonly setWeights = vi.fn(async (_weights: object) => {})
  readonly progress = vi.fn((_text: string) => {})
  readonly tell = vi.fn((_line: string) => {})
  /** As the API server lists them. */
  nodes: readonly object[] = []
  /** Called at each pause, when it is over. */
  paused: (milliseconds: number) => unknown = () => {}
  private readonly logs = new Map<string, PassThrough>()

  constructor(scenario: Partial<Scenario>, pods: readonly Pod[]) {
    this.pods = [...pods]
    const usual = { name: 'x', release: 'echo', fromOutside: false, failingPercent: 0, steps: [], values: {} }
    this.scenario = { ...usual, expected: 'even', judgeAs: 'random', requests: 300, ...scenario } as unknown as Scenario
  }

  /** As the code takes it. */
  get setup(): Setup {
    const { scenario, installClients, setWeights, kubectl, start, progress, tell, stop } = this
    const pause = async (milliseconds: number) => {
      vi.setSystemTime(Date.now() + milliseconds)
      await this.paused(milliseconds)
    }
    const all = () => this.pods
    const cluster = Object.assign(new Cluster({ signal: stop.signal }), {
      start,
      pause,
      listIfAllowed: async () => this.nodes,
    })
    const namespace = { name: 'evenly-x', cluster, kubectl, pods: { all } }
    const servers = () => this.pods.filter(({ component }) => component === 'server')
    const until = (_: string, look: () => unknown) => vi.waitFor(() => look() || Promise.reject(new Error('not yet')))
    const settings = { cluster, progress, tell }
    const made = { scenario, settings, namespace, servers, judgedServers: servers, until, installClients, setWeights }
    return made as unknown as Setup
  }

  /** Waits until the logs of so many clients are followed. */
  async following(clients: number): Promise<void> {
    await vi.waitFor(() => expect(this.start).toHaveBeenCalledTimes(clients))
    await soon()
  }

  /** Has a client log lines, objects as JSON, and waits until they are taken. */
  async log(client: string, ...lines: readonly (object | string)[]): Promise<void> {
    for (const line of lines) {
      this.logs.get(client)?.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    }
    await soon()
    await soon()
  }

  /** Ends a client after its last line. */
  async end(client: string, last: object | string): Promise<void> {
    await this.log(client, last)
    const index = this.pods.findIndex(({ name }) => name === client)
    this.pods[index] = { ...(this.pods[index] as Pod), exitCode: 0 }
    this.logs.get(client)?.end()
  }

  private async logOf(client: string) {
    const stdout = new PassThrough()
    this.logs.set(client, stdout)
    const kubectl = Object.assign(new EventEmitter(), { stdout })
    stdout.once('end', () => kubectl.emit('close'))
    return kubectl
  }
}
