import type { Interval } from '../../services/echo/src/progress.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { ClockOffset } from './stopwatch/clock.ts'

/** What one client has logged so far: intervals, in the end a report, and prose for people between them. */
export class ClientLog {
  readonly pod: string
  report: Report | undefined
  /** Calls of all intervals so far, for who asks at every line. */
  requests = 0
  /** The last line of prose. */
  lastWords = ''
  /** What it said of calls that failed, the first few. */
  readonly complaints: string[] = []
  private readonly offset = new ClockOffset()
  private told: Interval[] = []

  constructor(pod: string) {
    this.pod = pod
  }

  /** Takes a line that has just come. */
  take(line: string): void {
    const said = jsonIn(line)
    if (said === undefined) this.takeProse(line.trim())
    else if (said.type === 'report') this.report = said
    else {
      this.offset.note(said.to, Date.now())
      this.told.push(said)
      this.requests += said.requests
    }
  }

  /** Takes the whole log anew, for what was missed of it. */
  retake(text: string): void {
    this.told = []
    this.requests = 0
    for (const line of text.split('\n')) this.take(line)
  }

  /** With every time by the clock here; made anew each time. */
  intervals(): Interval[] {
    return this.told.map((interval) => {
      const here = (times: Interval['first']) =>
        Object.fromEntries(Object.entries(times).map(([peer, at]) => [peer, this.offset.toObserver(at)]))
      const { from, to, first, last } = interval
      const [start, end] = [this.offset.toObserver(from), this.offset.toObserver(to)]
      return { ...interval, from: start, to: end, first: here(first), last: here(last) }
    })
  }

  private takeProse(line: string): void {
    if (line !== '') this.lastWords = line
    if (/^call \d+ failed: /.test(line) && this.complaints.length < mostComplaints) this.complaints.push(line)
  }
}

const mostComplaints = 3

type Said = Interval | ({ readonly type: 'report' } & Report)

function jsonIn(line: string): Said | undefined {
  if (!line.startsWith('{"type":')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
