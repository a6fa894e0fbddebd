import type { LoadReport } from '../balancing/load-reports/orca-service.ts'
import type { Tally } from '../tally.ts'
import { RecentUtilization } from './recent-utilization.ts'
import type { Utilization } from './utilization.ts'

/** Who knows how busy this server is. */
export interface LoadSource {
  report(): LoadReport
}

/** Who knows it, by the option `--utilization`; undefined where nobody is told. */
export function loadSource(utilization: Utilization, tally: Tally): LoadSource | undefined {
  if (utilization === 'off') return undefined
  return utilization === 'measured' ? new MeasuredLoad(tally) : new StatedLoad(utilization, tally)
}

/** How long calls are counted to say how many there are in a second. */
const countedSeconds = 5

/** The load as it is: how busy the event loop was in the last seconds, and the calls that ended in them. */
export class MeasuredLoad implements LoadSource {
  private readonly utilization = new RecentUtilization()
  private readonly tally: Tally

  constructor(tally: Tally) {
    this.tally = tally
  }

  report(): LoadReport {
    const { calls, failed } = rates(this.tally)
    return reportOf(this.utilization.read(), calls, failed)
  }
}

/**
 * A load that is stated, for tests and demonstrations. Weights are calls a second by utilization: with the calls as they are, a
 * peer that gets more would be given ever more. So it is stated for one call a second, and the peer's weight is 1 by the number.
 */
export class StatedLoad implements LoadSource {
  /** Above 0. */
  utilization: number
  private readonly tally: Tally

  constructor(utilization: number, tally: Tally) {
    this.utilization = utilization
    this.tally = tally
  }

  report(): LoadReport {
    const { calls, failed } = rates(this.tally)
    return reportOf(this.utilization, 1, calls === 0 ? 0 : failed / calls)
  }
}

function reportOf(application_utilization: number, rps_fractional: number, eps: number): LoadReport {
  return { application_utilization, rps_fractional, eps, cpu_utilization: 0 }
}

/** Calls a second, and those of them that failed, over the last whole seconds. */
function rates(tally: Tally): { calls: number; failed: number } {
  const { calls, failed } = tally.series(countedSeconds)
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  return { calls: sum(Object.values(calls).map(sum)) / countedSeconds, failed: sum(failed) / countedSeconds }
}
