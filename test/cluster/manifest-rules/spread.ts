import { judge } from '../../../scripts/lib/verdict.ts'
import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** Rare enough for as many measurings as there are rules, and still far from what `pinned` looks like. */
const alpha = 1e-6

/** A busy machine may let a call come too late. */
const mostFailed = 3

/** `pinned` or `even`: calls of the client over all the servers that there are, which may differ as chance lets them. */
export async function measureSpread(stage: Stage): Promise<Observation> {
  const servers = await stage.applyServers()
  const report = await stage.runClient('--requests=300', '--timeout-seconds=20')
  const { requests, failed, errors } = report
  const figures = `${requests} calls, ${failed} failed ${JSON.stringify(errors)}: ${JSON.stringify(report.counts)}`
  const names = servers.map(({ name }) => name)
  const strangers = Object.keys(report.counts).filter((peer) => !names.includes(peer))
  if (strangers.length > 0) throw new Error(`calls were served by ${strangers.join(', ')}: ${figures}`)
  if (failed > mostFailed || requests === 0) throw new Error(`calls failed: ${figures}`)
  const counts = names.map((name) => report.counts[name] ?? 0)
  const { verdict, reason } = judge(counts, { policy: 'random', names, alpha })
  if (verdict === 'pinned' || verdict === 'even') return { measured: verdict, figures }
  throw new Error(`calls are ${verdict}, neither pinned nor even: ${reason}`)
}
