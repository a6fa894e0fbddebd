import { createInterface } from 'node:readline'
import type { Interval } from '../../services/echo/src/progress.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { unavailable } from '../lib/exit.ts'
import { ClientLog } from './client-log.ts'
import { sum } from './counts.ts'
import type { Pod } from './pod.ts'
import type { Scenario } from './scenario.ts'
import type { Setup } from './setup.ts'
import { Waiting } from './waiting.ts'

/** What clients shall do: values of the chart's `client`, and arguments that the chart has no value for. */
export interface Calling {
  readonly clients: number
  readonly client: Readonly<Record<string, unknown>>
  readonly args: readonly string[]
}

/** Every client tells this often what it saw. */
const progressSeconds = '0.1'

/** Client pods of a Job, followed by what they log. */
export class Clients {
  private readonly setup: Setup
  private readonly release: string
  /** Pods of clients that ran before. */
  private readonly earlier: ReadonlySet<string>
  private readonly logs: ClientLog[] = []
  private readonly followed: Promise<unknown>[] = []
  private readonly waiting: Waiting

  /** Resolves once every client runs and its log is followed. */
  static async start(setup: Setup, { clients, client, args }: Calling): Promise<Clients> {
    const { values } = setup.scenario
    const telling = ['-o', 'jsonl', '--quiet', '--progress-seconds', progressSeconds, ...proxyAdmin(setup.scenario)]
    const earlier = new Set(setup.namespace.pods.all().map(({ name }) => name))
    const all = [...(values.client?.args ?? []), ...args, ...telling]
    const release = await setup.installClients({ ...client, replicaCount: clients }, all)
    const running = new Clients(setup, release, earlier)
    setup.settings.progress(`waiting for ${clients === 1 ? 'the client' : `${clients} clients`} to start`)
    const pods = await setup.until('the clients to start', () => {
      const started = running.pods().filter((pod) => pod.started)
      return started.length >= clients && started
    })
    await Promise.all(pods.map((pod) => running.follow(pod)))
    return running
  }

  private constructor(setup: Setup, release: string, earlier: ReadonlySet<string>) {
    this.setup = setup
    this.release = release
    this.earlier = earlier
    this.waiting = new Waiting(setup.settings.cluster.signal)
  }

  /** Calls that all clients have told of so far; for who asks at every line. */
  requests(): number {
    return sum(this.logs.map(({ requests }) => requests))
  }

  /** What all clients have told so far, with every time by the clock here. */
  intervals(): Interval[] {
    return this.logs.flatMap((log) => log.intervals())
  }

  /** Resolves to what `look` finds once it finds something; it looks whenever a client has told something. */
  until<T>(what: string, limitSeconds: number, look: () => T | undefined | false): Promise<T> {
    return this.waiting.until(what, limitSeconds, look)
  }

  /** Waits for the clients to end by themselves; resolves to their reports. */
  async reports(): Promise<Report[]> {
    const ended = () => this.pods().every(({ exitCode, gone }) => exitCode !== undefined || gone)
    await this.setup.until('the clients to end', ended)
    await Promise.all(this.followed)
    this.tellComplaints()
    return Promise.all(this.logs.map((log) => this.reportOf(log)))
  }

  /** Ends them as Kubernetes does; resolves to their reports. */
  async stop(): Promise<Report[]> {
    const selector = `app.kubernetes.io/instance=${this.release},app.kubernetes.io/component=client`
    await this.setup.namespace.kubectl('delete', 'job', '-l', selector, '--wait=false')
    return this.reports()
  }

  /** The clients' pods, gone or not. */
  pods(): Pod[] {
    const all = this.setup.namespace.pods.all()
    return all.filter(
      ({ component, release, name }) => component === 'client' && release === this.release && !this.earlier.has(name),
    )
  }

  /** Why calls failed, as the clients say, unless they are made to fail. */
  private tellComplaints(): void {
    if (this.setup.scenario.failingPercent > 0) return
    for (const { pod, complaints } of this.logs) {
      for (const line of complaints) this.setup.settings.tell(`${pod}: ${line}`)
    }
  }

  private async follow({ name }: Pod): Promise<void> {
    const log = new ClientLog(name)
    this.logs.push(log)
    const { cluster, name: namespace } = this.setup.namespace
    const kubectl = await cluster.start(['-n', namespace, 'logs', '-f', name])
    this.followed.push(new Promise((done) => kubectl.once('close', done)))
    if (kubectl.stdout === null) return
    createInterface({ input: kubectl.stdout }).on('line', (line) => {
      log.take(line)
      this.waiting.look()
    })
  }

  /** A log that broke off is read again. */
  private async reportOf(log: ClientLog): Promise<Report> {
    if (!log.report) log.retake(await this.setup.namespace.kubectl('logs', log.pod).catch(() => ''))
    if (log.report) return log.report
    throw unavailable(
      `client ${log.pod} ended without a report; it said: ${log.lastWords.replace(/\.$/, '') || 'nothing'}: mend what that names, then try again`,
    )
  }
}

/** Where the Envoy beside the client tells of itself; nothing where there is none, such as outside the mesh. */
function proxyAdmin({ values: { client, istio }, fromOutside }: Scenario): string[] {
  if (fromOutside) return []
  const envoy = client?.envoySidecar
  if (envoy?.enabled) return ['--proxy-admin', `http://127.0.0.1:${envoy.adminPort ?? 9901}`]
  const injected = istio?.enabled && istio.mode !== 'ambient' && (istio.sidecar?.inject?.includes('client') ?? true)
  return injected && client?.enabled ? ['--proxy-admin', 'http://127.0.0.1:15000'] : []
}
