import { vi } from 'vitest'
import type { Pod } from '../../../scripts/cluster/pod.ts'
import type { Report } from '../../../services/echo/src/report.ts'
import type { Counts } from '../../../services/echo/src/tally.ts'
import type { Namespace } from './namespace.ts'

const adminPort = 9464

/** What a client shall do: values of the chart's `client`, and arguments that the chart has no value for. */
export interface Calling {
  readonly client: Readonly<Record<string, unknown>>
  readonly args?: readonly string[]
}

/** Runs a Job of calls to its end; resolves to its report. */
export async function runJob(namespace: Namespace, release: string, calling: Calling): Promise<Report> {
  await installJob(namespace, release, calling)
  return reportOf(namespace, release)
}

/** A client that calls until it is told to stop. It runs as a Job, so that its report outlives it. */
export class RunningClient {
  private readonly namespace: Namespace
  private readonly pod: Pod

  /** Resolves once the client has found a server and calls it. */
  static async start(namespace: Namespace, release: string, calling: Calling): Promise<RunningClient> {
    const client = { ...calling.client, requests: 1_000_000 }
    await installJob(namespace, release, { ...calling, client })
    const { pods } = namespace
    const pod = await pods.until(`client ${release} to run`, 60, () => pods.of(release).find(({ ready }) => ready))
    const running = new RunningClient(namespace, pod)
    await vi.waitFor(() => running.admin('/livez'), { timeout: 30_000, interval: 200 })
    await running.next(1, 60)
    return running
  }

  private constructor(namespace: Namespace, pod: Pod) {
    this.namespace = namespace
    this.pod = pod
  }

  /** The tally of the next so many calls. */
  async next(calls: number, limitSeconds: number): Promise<Counts> {
    return JSON.parse(await this.admin(`/distribution?next=${calls}&timeoutSeconds=${limitSeconds}`))
  }

  /** Ends it as Kubernetes would; resolves to the report of all its calls. */
  async stop(): Promise<Report> {
    await this.namespace.kubectl('exec', this.pod.name, '--', 'sh', '-c', 'kill 1')
    return reportOf(this.namespace, this.pod.release)
  }

  private admin(path: string): Promise<string> {
    const { cluster, name } = this.namespace
    return cluster.get(`/api/v1/namespaces/${name}/pods/${this.pod.name}:${adminPort}/proxy${path}`)
  }
}

async function installJob(namespace: Namespace, release: string, { client, args = [] }: Calling): Promise<void> {
  const values = { mode: 'client', args: ['-o', 'json', '--quiet', ...args], client: { ...client, kind: 'Job' } }
  await namespace.helm(['upgrade', '--install', release, 'charts/echo', '-f', '-'], JSON.stringify(values))
}

async function reportOf({ cluster, name, pods }: Namespace, release: string): Promise<Report> {
  const pod = await pods.until(`client ${release} to end`, 60, () =>
    pods.of(release).find(({ exitCode }) => exitCode !== undefined),
  )
  const log = await cluster.get(`/api/v1/namespaces/${name}/pods/${pod.name}/log`)
  if (pod.exitCode !== 0) throw new Error(`client ${release} ended with exit code ${pod.exitCode}:\n${log}`)
  return reportIn(log)
}

/** The report is all of standard output; Kubernetes mixes it with standard error, where the prose for people is. */
function reportIn(log: string): Report {
  const lines = log.split('\n').filter((line) => /^[{}]$|^ +["{}[\]\d]/.test(line))
  try {
    return JSON.parse(lines.join('\n'))
  } catch (error) {
    throw new Error(`the client's log holds no report (${(error as Error).message}):\n${log}`)
  }
}
