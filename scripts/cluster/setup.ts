import type { Equipment } from './add-ons.ts'
import type { Cluster } from './cluster.ts'
import { untilPublished } from './endpoints.ts'
import { untilProgrammed } from './gateway.ts'
import { Namespace } from './namespace.ts'
import { isServer, type Pod, serves } from './pod.ts'
import { untilOrTrouble } from './pod-trouble.ts'
import { outsideClientValues, releaseValues, type Standing } from './release-values.ts'
import type { Scenario } from './scenario.ts'
import { withSets } from './set-values.ts'
import { replicasOf, workloadOf } from './workloads.ts'

/** How a scenario is run, whatever is done with it. */
export interface SetupSettings {
  readonly cluster: Cluster
  readonly equipment: Equipment
  /** REPOSITORY:TAG of the echo program. Default: the chart's. */
  readonly image: string | undefined
  /** Server pods of the judged release; undefined: as the scenario's values say. */
  readonly servers: number | undefined
  /** Values over the scenario's, `KEY=VALUE` each. */
  readonly sets: readonly string[]
  /** Says what is being waited for; what it said last does not count any more. */
  readonly progress: (text: string) => void
  /** Says what is worth reading later. */
  readonly tell: (line: string) => void
}

/** Seconds that pods may take to be ready; the command's own limit usually comes first. */
const readySeconds = 3600

/** A scenario whose servers are installed, ready and published, in a namespace of its own. */
export class Setup {
  /** With its values as they are installed, the user's own among them: what is expected of pods and proxies goes by those. */
  readonly scenario: Scenario
  readonly settings: SetupSettings
  readonly namespace: Namespace
  private standing: Standing
  /** Times that clients were installed: a Job cannot be changed, so each time there is a new one. */
  private runs = 0
  /** Where the Gateway listens, HOST:PORT; empty where there is none. */
  private gateway = ''

  constructor(scenario: Scenario, settings: SetupSettings) {
    const { image, servers, sets, cluster, equipment } = settings
    this.scenario = { ...scenario, values: withSets(scenario.values, sets) }
    this.settings = settings
    this.namespace = new Namespace(cluster, scenario.name)
    const weights = scenario.steps[0] ?? {}
    const { gatewayClasses } = equipment
    this.standing = { image, replicas: servers, weights, client: undefined, gatewayClasses, sets }
  }

  /** Makes the namespace and installs the servers; resolves when every one of them is an endpoint. */
  async open(): Promise<void> {
    const { scenario, settings, namespace } = this
    settings.progress(`making namespace ${namespace.name}`)
    await namespace.create({ 'app.kubernetes.io/managed-by': 'evenly-run', ...scenario.namespaceLabels })
    settings.progress('installing servers')
    await Promise.all(scenario.releases.map(({ name }) => this.install(name)))
    for (const { name } of scenario.releases) await this.untilReady(name)
    if (scenario.fromOutside) this.gateway = await untilProgrammed(namespace, scenario.release, settings.progress)
  }

  /** Leaves the namespace and all that is in it, and tells how to remove it. */
  leave(): void {
    const { name, exists } = this.namespace
    this.namespace.leave()
    if (exists) this.settings.tell(`kept namespace ${name}: kubectl delete namespace ${name} removes it`)
  }

  /** Removes the namespace and all that is in it; tells when it cannot. */
  close(): Promise<void> {
    return this.namespace.delete().catch(({ message }: Error) => this.settings.tell(message))
  }

  /** The servers of all releases that are not gone or leaving. */
  servers(): Pod[] {
    const all = this.namespace.pods.all()
    return all.filter((pod) => isServer(pod) && !pod.gone && !pod.leaving)
  }

  /** The servers that calls go to at first. */
  judgedServers(): Pod[] {
    return this.servers().filter(({ release }) => release === this.scenario.release)
  }

  /**
   * Installs clients beside the servers, or where they shall call from outside, in a release of their own without a sidecar.
   *
   * @param values of the chart's `client`
   * @returns the release that they are in
   */
  async installClients(values: object, args: readonly string[]): Promise<string> {
    const { scenario, settings, namespace } = this
    this.runs++
    const client = { kind: 'Job', job: { run: String(this.runs) }, ...values }
    if (!scenario.fromOutside) {
      await this.stand({ client: { ...client, args } })
      return scenario.release
    }
    await namespace.install('client', outsideClientValues(settings.image, this.gateway, client, args))
    return 'client'
  }

  /** Sets the weights of the releases; clients go on as they are. */
  setWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    return this.stand({ weights })
  }

  /** Scales the judged release, and waits until it is so. */
  async scale(replicas: number): Promise<void> {
    this.standing = { ...this.standing, replicas }
    const { namespace, scenario } = this
    await namespace.kubectl('scale', await workloadOf(namespace, scenario.release), `--replicas=${replicas}`)
    await this.untilReady(scenario.release)
  }

  /** Waits until all pods of a release that should be are ready, and no others left, and each is an endpoint. */
  async untilReady(release: string): Promise<void> {
    const { namespace, settings, scenario, standing } = this
    const asked = release === scenario.release ? standing.replicas : undefined
    const wanted = asked ?? (await replicasOf(namespace, release))
    const what = `${wanted} ready pods of ${release}`
    settings.progress(`waiting for ${what}`)
    const pods = await this.until(what, () => {
      const servers = namespace.pods.serversOf(release)
      return servers.length === wanted && servers.every(serves) && servers
    })
    await untilPublished(namespace, pods, 60)
  }

  /** As the pod watch waits; gives up at once when a pod is in trouble that does not pass. */
  until<T>(what: string, look: () => T | undefined | false): Promise<T> {
    return untilOrTrouble(this.namespace, what, readySeconds, look)
  }

  /** Has the judged release stand otherwise than it does. */
  private async stand(change: Partial<Standing>): Promise<void> {
    this.standing = { ...this.standing, ...change }
    await this.install(this.scenario.release)
  }

  private install(release: string): Promise<void> {
    return this.namespace.install(release, releaseValues(this.scenario, release, this.standing))
  }
}
