import { randomBytes } from 'node:crypto'
import { unavailable } from '../lib/exit.ts'
import type { Cluster } from './cluster.ts'
import { PodWatch } from './pod-watch.ts'
import type { ReleaseValues } from './release-values.ts'

/** A namespace of our own, and the pods in it. */
export class Namespace {
  readonly name: string
  readonly cluster: Cluster
  private watch: PodWatch | undefined

  /** @param purpose what it is called by, and by a few random letters */
  constructor(cluster: Cluster, purpose: string) {
    this.cluster = cluster
    this.name = `evenly-${purpose}-${randomBytes(3).toString('hex')}`
  }

  get exists(): boolean {
    return this.watch !== undefined
  }

  get pods(): PodWatch {
    if (this.watch === undefined) throw new Error(`namespace ${this.name} is not there yet`)
    return this.watch
  }

  async create(
    labels: Readonly<Record<string, string>>,
    annotations: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const metadata = { name: this.name, labels: { 'app.kubernetes.io/part-of': 'evenly', ...labels }, annotations }
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata }
    await this.cluster.kubectl(['create', '-f', '-'], JSON.stringify(namespace))
    this.watch = await PodWatch.start(this.cluster, this.name)
  }

  /** Leaves it as it is, and looks at its pods no more. */
  leave(): void {
    this.watch?.stop()
  }

  /**
   * Begins the deletion, whatever else has been ended; whoever comes next need not wait for its end.
   *
   * @throws EvenlyError (69) of one sentence when it cannot be removed
   */
  async delete(): Promise<void> {
    this.leave()
    const begun = await this.cluster.cleanUp(['delete', 'namespace', this.name, '--ignore-not-found', '--wait=false'])
    if (begun || !this.exists) return
    throw unavailable(`namespace ${this.name} could not be removed: kubectl delete namespace ${this.name} removes it`)
  }

  kubectl(...args: string[]): Promise<string> {
    return this.cluster.kubectl(['-n', this.name, ...args])
  }

  /** Installs or upgrades a release of the chart. */
  async install(release: string, { files, values, sets }: ReleaseValues): Promise<void> {
    const given = [...files.flatMap((file) => ['-f', file]), '-f', '-', ...sets.flatMap((set) => ['--set', set])]
    const args = ['upgrade', '--install', release, 'charts/echo', '-n', this.name, ...given]
    await this.cluster.helm(args, JSON.stringify(values))
  }

  /** What the cluster has told of troubles here, the latest last; also when all else has been ended. */
  async warnings(): Promise<string[]> {
    const path = `/api/v1/namespaces/${this.name}/events?fieldSelector=type=Warning`
    const { items }: { items: Event[] } = JSON.parse(await this.cluster.afterwards().get(path))
    const told = items
      .sort((a, b) => timeOf(a) - timeOf(b))
      .map(
        ({ involvedObject, reason, message }) => `${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`,
      )
    return [...new Set(told)]
  }
}

interface Event {
  readonly involvedObject: { readonly kind: string; readonly name: string }
  readonly reason: string
  readonly message: string
  readonly lastTimestamp: string | null
  readonly eventTime: string | null
}

const timeOf = ({ lastTimestamp, eventTime }: Event): number => Date.parse(lastTimestamp ?? eventTime ?? '') || 0
