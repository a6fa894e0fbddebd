import { ClientLog } from '../../../scripts/cluster/client-log.ts'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import { Namespace } from '../../../scripts/cluster/namespace.ts'
import { type Pod, serves } from '../../../scripts/cluster/pod.ts'
import { Waiting } from '../../../scripts/cluster/waiting.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import type { Report } from '../../../services/echo/src/report.ts'
import { isPublished } from './is-published.ts'
import { namesIn, placed } from './placed.ts'
import { RunningClient } from './running-client.ts'

/** An example's objects in fresh namespaces that stand for its own, `shop` and `elsewhere`; none is applied at first. */
export class Stage {
  readonly cluster: Cluster
  /** All but Namespaces. */
  readonly objects: readonly Content[]
  private readonly namespaces: readonly Namespace[]
  private readonly running: RunningClient[] = []

  /** @param purpose what its namespaces are called by */
  static async set(example: readonly Content[], purpose: string): Promise<Stage> {
    const cluster = new Cluster()
    const known = namesIn(example, ['shop', 'elsewhere'])
    const namespaces = known.map(() => new Namespace(cluster, purpose))
    const stage = new Stage(cluster, namespaces, known, example)
    open.add(stage)
    try {
      await Promise.all(
        known.map((name, i) => {
          const { labels, annotations } = example.find(isNamespace(name))?.metadata ?? {}
          return namespaces[i]?.create(labels ?? {}, annotations ?? {})
        }),
      )
      return stage
    } catch (error) {
      await stage.clear()
      throw error
    }
  }

  private constructor(
    cluster: Cluster,
    namespaces: readonly Namespace[],
    known: readonly string[],
    example: readonly Content[],
  ) {
    this.cluster = cluster
    this.namespaces = namespaces
    const names = new Map(known.map((name, i) => [name, namespaces[i]?.name ?? name]))
    this.objects = placed(
      example.filter(({ kind }) => kind !== 'Namespace'),
      names,
    )
  }

  /** Job `client`, as the example has it. */
  get client(): Content {
    const job = this.objects.find(isClient)
    if (job === undefined) throw new Error('the example has no Job client')
    return job
  }

  /** Runs kubectl in the namespace that stands for `shop`; `-n` among the arguments overrides that. */
  kubectl(...args: string[]): Promise<string> {
    return this.cluster.kubectl(['-n', this.shop.name, ...args])
  }

  /** `kubectl apply` of objects. */
  async apply(objects: readonly Content[]): Promise<void> {
    if (objects.length === 0) return
    const list = { apiVersion: 'v1', kind: 'List', items: objects }
    await this.cluster.kubectl(['apply', '-f', '-'], JSON.stringify(list))
  }

  /** Applies all but Job `client`, waits until all of it is ready and published; resolves to the pods of `orders`. */
  async applyServers(): Promise<Pod[]> {
    const objects = this.objects.filter((object) => !isClient(object))
    await this.apply(objects)
    await Promise.all(objects.map((object) => this.untilReady(object)))
    await this.untilPublished(objects)
    return this.servers()
  }

  /** Pods called `orders-…` that are ready and do not leave. */
  servers(): Pod[] {
    return this.pods().filter((pod) => serves(pod) && pod.name.startsWith('orders-'))
  }

  /** All pods that were seen, gone or not. */
  pods(): Pod[] {
    return this.namespaces.flatMap(({ pods }) => pods.all())
  }

  /** Waits until so many pods of `orders` are ready. */
  untilServers(count: number): Promise<Pod[]> {
    return this.until(`${count} pods of orders to be ready`, 90, () => {
      const servers = this.servers()
      return servers.length === count && servers
    })
  }

  /** Resolves to what `look` finds once it finds something; it looks four times a second. */
  async until<T>(what: string, limitSeconds: number, look: () => T | undefined | false): Promise<T> {
    const waiting = new Waiting(this.cluster.signal, {
      state: () => `; pods: ${this.pods().map(({ name, ready, reason }) => `${name} ${ready ? 'ready' : reason}`)}`,
    })
    const timer = setInterval(() => waiting.look(), 250)
    return waiting.until(what, limitSeconds, look).finally(() => clearInterval(timer))
  }

  /** Runs Job `client` with these arguments before its own, which win, until its program ends; resolves to its report. */
  async runClient(...args: string[]): Promise<Report> {
    await this.applyClient(args)
    const { name } = await this.until('the client to end', 240, () =>
      this.clientPods().find(({ exitCode }) => exitCode !== undefined),
    )
    const printed = await this.kubectl('-n', this.client.metadata.namespace, 'logs', name, '-c', 'echo')
    const log = new ClientLog(name)
    log.retake(printed)
    if (log.report) return log.report
    throw new Error(`the client ended without a report; it printed:\n${printed}`)
  }

  /** Starts Job `client` and leaves it calling. */
  async startClient(...args: string[]): Promise<RunningClient> {
    await this.applyClient(['--progress-seconds=0.25', ...args])
    const { name } = await this.until('the client to start', 90, () => this.clientPods().find(({ started }) => started))
    const client = await RunningClient.follow(this.cluster, this.client.metadata.namespace, name)
    this.running.push(client)
    return client
  }

  /** The client's pod as the API server has it now. */
  async clientPod(): Promise<Content> {
    const [pod] = this.clientPods()
    if (pod === undefined) throw new Error('the client has no pod')
    return JSON.parse(await this.kubectl('-n', this.client.metadata.namespace, 'get', 'pod', pod.name, '-o', 'json'))
  }

  /** Clears every stage that has not been cleared. */
  static async clearAll(): Promise<void> {
    await Promise.all([...open].map((stage) => stage.clear()))
  }

  /** Ends what it has started and begins the deletion of its namespaces. */
  async clear(): Promise<void> {
    open.delete(this)
    for (const client of this.running) client.stop()
    await Promise.all(this.namespaces.map((namespace) => namespace.delete()))
  }

  private get shop(): Namespace {
    const [first] = this.namespaces
    if (first === undefined) throw new Error('the example has no object in namespace shop')
    return first
  }

  private clientPods(): Pod[] {
    return this.pods().filter(({ name }) => /^client-[a-z0-9]{5}$/.test(name))
  }

  private async applyClient(args: readonly string[]): Promise<void> {
    const job = structuredClone(this.client)
    job.spec.backoffLimit = 0
    const echo = job.spec.template.spec.containers.find(({ name }: Content) => name === 'echo')
    echo.args = ['--quiet', '-o', 'jsonl', ...args, ...(echo.args ?? [])]
    await this.apply([job])
  }

  private async untilReady({ kind, metadata }: Content): Promise<void> {
    const object = ['-n', metadata.namespace, `${kind}/${metadata.name}`, '--timeout=240s']
    if (/^(Deployment|StatefulSet|DaemonSet)$/.test(kind)) await this.cluster.kubectl(['rollout', 'status', ...object])
    if (kind === 'Gateway') await this.cluster.kubectl(['wait', '--for=condition=Programmed', ...object])
  }

  private async untilPublished(objects: readonly Content[]): Promise<void> {
    const services = objects.filter(({ kind, spec }) => kind === 'Service' && spec?.selector)
    const end = Date.now() + 30_000
    while (!(await isPublished(this.cluster, services))) {
      if (Date.now() > end) throw new Error('not all ready pods were published as endpoints within 30 s')
      await this.cluster.pause(300)
    }
  }
}

/** Those that have not been cleared. */
const open = new Set<Stage>()

const isClient = ({ kind, metadata }: Content): boolean => kind === 'Job' && metadata.name === 'client'

const isNamespace =
  (name: string) =>
  ({ kind, metadata }: Content): boolean =>
    kind === 'Namespace' && metadata.name === name
