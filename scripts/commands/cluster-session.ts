import { Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2'
import { type Equipment, equipmentOf } from '../cluster/add-ons.ts'
import { Cluster } from '../cluster/cluster.ts'
import type { Scenario } from '../cluster/scenario.ts'
import type { RunSettings } from '../cluster/scenario-run.ts'
import { runInfoOf } from '../cluster/versions.ts'
import { interrupted, unavailable } from '../lib/exit.ts'
import type { RunInfo } from '../report/run-info.ts'
import type { ClusterCommandOptions } from './cluster-options.ts'

/** A command's time on a cluster: Ctrl-C and its like end it, and what it has begun is cleaned up. */
export interface Session {
  readonly equipment: Equipment
  /** When it began, how long it took until now, and on what. */
  readonly info: () => Promise<RunInfo>
  /** Runs a scenario under its limit of time; `act` gets what it needs. */
  run<T>(
    scenario: Scenario,
    how: Pick<RunSettings, 'progress' | 'scale'>,
    act: (settings: RunSettings) => Promise<T>,
  ): Promise<T>
}

/** Opens the cluster, which fails here when there is none, and has `use` work on it. */
export async function onCluster<T>(options: ClusterCommandOptions, use: (session: Session) => Promise<T>): Promise<T> {
  const { context, image, servers, set: sets, keep, timeout } = options
  const startedAt = new Date()
  const stop = new AbortController()
  const end = (signal: NodeJS.Signals) =>
    stop.abort(interrupted(`ended by ${signal}: what was made on the cluster is being removed`))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  const told: string[] = []
  const given = { image, servers, sets, keep, tell: (line: string) => void told.push(line), load: loadOf(options) }
  try {
    const silent = () => `the cluster of ${context ?? 'the current context'} does not answer: look whether it runs`
    const equipment = await limited(stop.signal, Math.min(timeout, answerSeconds), silent, (signal) =>
      equipmentOf(new Cluster({ context, signal })),
    )
    const run: Session['run'] = ({ name }, how, act) => {
      let doing = 'starting'
      const progress = (text: string) => {
        if (text !== doing) how.progress(text)
        doing = text
      }
      const late = () => `${name} did not end within ${timeout} s; it was ${doing}: give it more with --timeout`
      return limited(stop.signal, timeout, late, (signal) =>
        act({ ...how, ...given, equipment, progress, cluster: new Cluster({ context, signal }) }),
      )
    }
    const info = () => runInfoOf(new Cluster({ context }).afterwards(), equipment, startedAt)
    return await use({ equipment, info, run })
  } finally {
    for (const signal of signals) process.off(signal, end)
    for (const line of told) console.error(line)
  }
}

/** Seconds in which a cluster says what it is. */
const answerSeconds = 30

/** Does something under a signal that aborts when `stop` does, or with the sentence of `late` when the time is up. */
async function limited<T>(
  stop: AbortSignal,
  seconds: number,
  late: () => string,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(unavailable(late())), seconds * 1000)
  try {
    return await act(AbortSignal.any([stop, limit.signal]))
  } finally {
    clearTimeout(timer)
  }
}

/** Does one task after another, or several at a time, and shows on standard error how far they are. */
export async function showTasks(tasks: readonly Task[], atATime = 1): Promise<void> {
  const shown = tasks.map(
    ({ title, run }): ListrTask => ({
      title,
      task: async (_context, task) => {
        const progress = (text: string) => {
          task.output = `${title}: ${text}`
        }
        task.title = await run(progress)
      },
    }),
  )
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  const shared = { concurrent: atATime, exitOnError: true, registerSignalListeners: false, rendererOptions: { logger } }
  await (process.stderr.isTTY ? new Listr(shown, shared) : new Listr(shown, { ...shared, renderer: 'simple' })).run()
}

export interface Task {
  readonly title: string
  /** Resolves to what there is to say at its end. */
  readonly run: (progress: (text: string) => void) => Promise<string>
}

function loadOf({
  requests,
  concurrency,
  rps,
  clients,
  clientArg,
  slowPodMilliseconds,
}: ClusterCommandOptions): RunSettings['load'] {
  return { requests, concurrency, rps, clients, slowPodMilliseconds, args: clientArg }
}
