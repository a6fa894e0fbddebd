import { Listr, ListrLogger, type ListrTask, ProcessOutput } from 'listr2'
import { type Equipment, equipmentOf } from '../cluster/add-ons.ts'
import { Cluster } from '../cluster/cluster.ts'
import type { Scenario } from '../cluster/scenario.ts'
import type { RunSettings } from '../cluster/scenario-run.ts'
import { interrupted, unavailable } from '../lib/exit.ts'
import type { ClusterCommandOptions } from './cluster-options.ts'

/** A command's time on a cluster: Ctrl-C and its like end it, and what it has begun is cleaned up. */
export interface Session {
  readonly equipment: Equipment
  /** Runs a scenario under its limit of time; `act` gets what it needs. */
  run<T>(
    scenario: Scenario,
    how: Pick<RunSettings, 'progress' | 'scale'>,
    act: (settings: RunSettings) => Promise<T>,
  ): Promise<T>
}

/** Opens the cluster, which fails here when there is none, and has `use` work on it. */
export async function onCluster<T>(options: ClusterCommandOptions, use: (session: Session) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const end = (signal: NodeJS.Signals) =>
    stop.abort(interrupted(`ended by ${signal}: what was made on the cluster is being removed`))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  const told: string[] = []
  try {
    const { context } = options
    const equipment = await equipmentOf(new Cluster({ context, signal: stop.signal }))
    return await use({ equipment, run: (scenario, how, act) => runLimited(scenario, how, act) })

    async function runLimited<R>(
      { name }: Scenario,
      how: Pick<RunSettings, 'progress' | 'scale'>,
      act: (settings: RunSettings) => Promise<R>,
    ): Promise<R> {
      const limit = new AbortController()
      let doing = 'starting'
      const late = () =>
        limit.abort(
          unavailable(`${name} did not end within ${options.timeout} s; it was ${doing}: give it more with --timeout`),
        )
      const timer = setTimeout(late, options.timeout * 1000)
      const progress = (text: string) => {
        if (text !== doing) how.progress(text)
        doing = text
      }
      const cluster = new Cluster({ context, signal: AbortSignal.any([stop.signal, limit.signal]) })
      const { image, servers, set, keep } = options
      const tell = (line: string) => void told.push(line)
      try {
        return await act({
          ...how,
          cluster,
          equipment,
          image,
          servers,
          sets: set,
          keep,
          tell,
          progress,
          load: loadOf(options),
        })
      } finally {
        clearTimeout(timer)
      }
    }
  } finally {
    for (const signal of signals) process.off(signal, end)
    for (const line of told) console.error(line)
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

function loadOf({ requests, concurrency, rps, clients, clientArg }: ClusterCommandOptions): RunSettings['load'] {
  return { requests, concurrency, rps, clients, args: clientArg }
}
