import type { LoadReport } from './orca-service.ts'

/** When a report counts. */
export interface WeightPeriods {
  /** A peer's reports are not gone by until it has told them for so long. */
  readonly blackoutPeriodSeconds: number
  /** A report that is older counts no more. */
  readonly weightExpirationPeriodSeconds: number
}

/** What load reports say about how many calls one peer shall get in relation to others, by the rules of gRFC A58. */
export class ReportedWeight {
  private weight = 0
  private reportedAt = Number.NEGATIVE_INFINITY
  /** Since when it has reported without a break; undefined when it does not. */
  private reportingSince: number | undefined

  /**
   * Takes note of a report: calls a second by utilization, where failing calls make busier. A report without one of them says
   * nothing.
   * @param errorPenalty how much a share of failed calls adds to the utilization.
   * @param nowSeconds any clock that does not go back.
   */
  report(report: LoadReport, errorPenalty: number, nowSeconds: number): void {
    const { application_utilization, cpu_utilization, rps_fractional: rate, eps } = report
    const utilization = application_utilization > 0 ? application_utilization : cpu_utilization
    const weight = rate / (utilization + errorPenalty * (Math.max(0, eps) / rate))
    if (!(utilization > 0 && rate > 0 && weight > 0 && Number.isFinite(weight))) return
    this.weight = weight
    this.reportedAt = nowSeconds
    this.reportingSince ??= nowSeconds
  }

  /** The weight at that time; undefined where nothing is known, so that it shall get as much as the others on average. */
  at(nowSeconds: number, { blackoutPeriodSeconds, weightExpirationPeriodSeconds }: WeightPeriods): number | undefined {
    if (nowSeconds - this.reportedAt >= weightExpirationPeriodSeconds) this.reportingSince = undefined
    const since = this.reportingSince
    return since === undefined || nowSeconds - since < blackoutPeriodSeconds ? undefined : this.weight
  }
}
