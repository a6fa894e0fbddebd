import { readFile } from 'node:fs/promises'
import type { ServerCredentials } from '@grpc/grpc-js'
import type { Registry } from '@prometheus-io/client'
import { badInput } from '../../../../scripts/lib/exit.ts'
import type { KubernetesApi } from '../balancing/endpoint-slices/kubernetes-api.ts'
import { AdsServer } from './ads/ads-server.ts'
import { clientLog } from './client-log.ts'
import type { Served } from './config/lookaside-config.ts'
import { readLookasideConfig } from './config/read-lookaside-config.ts'
import { Debounce } from './debounce.ts'
import { describeView } from './describe-view.ts'
import { lookasideMetrics } from './lookaside-metrics.ts'
import { ServedServices } from './served-services.ts'
import type { Snapshot } from './snapshot.ts'
import { watchFiles } from './watched-file.ts'
import { WatchProblems } from './watches/watch-problems.ts'

export interface ControlPlaneOptions {
  readonly api: KubernetesApi
  /** Which Services are served, and how; read again when it changes. */
  readonly configFile: string
  /** Where clients dial, such as 0.0.0.0:18000. */
  readonly listen: string
  readonly credentials: ServerCredentials
  /** 0: connections are not pinged. */
  readonly keepaliveTimeSeconds: number
  readonly keepaliveTimeoutSeconds: number
  readonly registry: Registry
  readonly say: (sentence: string) => void
}

/** A control plane that listens. */
export class ControlPlane {
  private readonly services: ServedServices
  private readonly server: AdsServer
  private readonly problems: WatchProblems
  private readonly debounce: Debounce
  private readonly file: { close(): void }
  private readonly say: (sentence: string) => void
  private snapshot: Snapshot | undefined
  private configProblem = false

  /** Reads the config, listens and begins to watch; rejects with one sentence (exit 65 or 69) when it cannot. */
  static async start(options: ControlPlaneOptions): Promise<{ plane: ControlPlane; address: string }> {
    const { configFile, listen, credentials } = options
    const content = await readFile(configFile, 'utf8').catch((error: Error) => {
      throw badInput(`--lookaside-config ${configFile}: ${error.message}: name a file that can be read.`)
    })
    const plane = new ControlPlane(options, readLookasideConfig(content, configFile), content)
    try {
      return { plane, address: await plane.server.listen({ listen, credentials }) }
    } catch (error) {
      await plane.close(0)
      throw error
    }
  }

  private constructor(options: ControlPlaneOptions, served: Served, content: string) {
    const { api, configFile, registry, say } = options
    this.say = say
    this.problems = new WatchProblems(say)
    const metrics = lookasideMetrics(registry, {
      clients: () => this.server.clients.length,
      endpoints: () => this.snapshot?.endpoints ?? new Map(),
      watchProblems: () => this.problems.count,
      configProblem: () => this.configProblem,
    })
    this.server = new AdsServer(options, { ...metrics, ...clientLog(say, metrics.refused) })
    this.debounce = new Debounce((firstAt) => this.publish(firstAt))
    this.take(served)
    this.services = new ServedServices(api, served, {
      changed: () => this.debounce.event(),
      problem: (watch, sentence) => this.problems.note(watch, sentence),
      passedOver: (sentence) => this.say(`lookaside: ${sentence}`),
    })
    this.debounce.event()
    const changed = ([text = '']: string[]) => this.reread(text, configFile)
    this.file = watchFiles([configFile], [content], changed, (error) => this.keepConfig(error.message))
  }

  /** Undefined: clients get answers. */
  get whyNotReady(): string | undefined {
    if (this.snapshot !== undefined) return undefined
    return this.problems.first ?? 'the first lists of the API server are not there yet'
  }

  /** What clients of a zone are told, for people. */
  describe(zone: string): object {
    return { zone, clients: this.server.clients, ...describeView(this.snapshot?.view(zone)) }
  }

  /** Ends the streams so that clients go elsewhere; those that do not end are cut after so long. */
  async close(limitSeconds: number): Promise<void> {
    this.file.close()
    this.debounce.close()
    this.services.close()
    await this.server.close(limitSeconds)
  }

  private publish(changedAt: number): void {
    // A part of what there is would have clients drop the rest.
    if (this.snapshot === undefined && !this.services.complete) return
    if (this.snapshot === undefined) this.say('lookaside: the first lists are there: clients get answers')
    this.snapshot = this.services.snapshot()
    this.server.publish(this.snapshot, changedAt)
  }

  private reread(content: string, file: string): void {
    let served: Served
    try {
      served = readLookasideConfig(content, file)
    } catch (error) {
      this.keepConfig((error as Error).message)
      return
    }
    this.configProblem = false
    this.say(`${file}: has changed, and goes from now on`)
    this.take(served)
    this.services.apply(served)
    this.debounce.event()
  }

  private keepConfig(reason: string): void {
    this.configProblem = true
    this.say(`${reason}: the last good config goes on`)
  }

  private take({ debounceMilliseconds, maximumDebounceMilliseconds }: Served): void {
    this.debounce.quietMilliseconds = debounceMilliseconds
    this.debounce.maximumMilliseconds = maximumDebounceMilliseconds
  }
}
