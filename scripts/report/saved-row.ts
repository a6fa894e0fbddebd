import type { NotRun, Row, ScenarioResult, Spread } from '../cluster/result.ts'
import type { Rebalance } from '../cluster/stopwatch/rebalance-types.ts'

/** A row as `-o json` of `run`, `matrix` or `demo` prints it. */
export type SavedRow =
  | (Omit<NotRun, 'failed'> & Partial<NotRun>)
  | (Spread & Partial<ScenarioResult> & Partial<LabFindings>)

/** What `evenly demo` says of the whole run and of the pods that joined. */
interface LabFindings {
  readonly total: { readonly requests: number; readonly failed: number }
  readonly newPods: Readonly<Record<string, number | null>>
}

/** A saved row with everything that a row has: the one place that knows what the lab leaves out. */
export function rowOf(saved: SavedRow): Row {
  if (saved.verdict === null) return { ...saved, failed: saved.failed ?? false }
  const { total, newPods, ...row } = saved
  const inTheLab: Omit<ScenarioResult, keyof Spread> = {
    pods: {},
    clients: 1,
    errors: {},
    latencyMilliseconds: null,
    checks: [],
    steps: [],
    truth: {
      client: row.counts,
      server: null,
      proxy: null,
      proxyConnections: null,
      agrees: true,
      explanation: 'The client alone counted.',
    },
    rebalance: labRebalance({ total: total ?? row, newPods: newPods ?? {} }),
    tookSeconds: 0,
  }
  // What was saved comes first and wins, so that a whole row stays as it is to the order of its keys.
  return { ...row, ...inTheLab, ...row }
}

/** The lab times first calls and keeps no series. */
function labRebalance({ total, newPods }: LabFindings): Rebalance | null {
  const joined = Object.entries(newPods).map(([pod, firstCallSeconds]) => {
    return { pod, firstCallSeconds, fairShareSeconds: null }
  })
  if (joined.length === 0) return null
  const series = { seconds: [], calls: {}, failed: [], marks: [] }
  return { requests: total.requests, failed: total.failed, joined, left: [], errors: [], series }
}
