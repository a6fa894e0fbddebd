import { percent } from '../../../lib/bars.ts'
import { intendedBy } from '../intended.ts'
import type { LiveRule } from '../live-rule.ts'
import { isFarOff } from '../traffic.ts'
import { windowText } from '../window-text.ts'

/** What one came for: who serves. */
export const unevenCalls: LiveRule = {
  id: 'uneven-calls',
  title: 'The pods of a Service do not serve equally many calls',
  severity: 'error',
  why: `\`evenly doctor\` counts the calls that each ready pod serves in some seconds, and judges them as \`evenly verdict\` does:
**pinned** when one pod serves all, **skewed** when they are spread further from even than chance explains (one time in 1000) and
vary by half of their mean or more. Counters are the pods' own (\`grpc_server_handled_total\` and its like), or those of their
callers' Envoys.`,
  cure: `The findings beside it say why it is so: they are what to mend. Where there is none, callers are not to be seen from here:
count them, for a few clients that make many calls each do not spread even where each of them balances connections.`,
  sources: ['https://github.com/grpc/grpc/blob/master/doc/load-balancing.md'],
  *check({ traffic, service, model }) {
    if (traffic === undefined) return
    const { verdict } = traffic.verdict
    const counts = Object.values(traffic.counts)
    if (counts.length < 2 || (verdict !== 'pinned' && !(verdict === 'skewed' && isFarOff(traffic)))) return
    const most = Math.max(...traffic.verdict.shares)
    const idle = counts.filter((count) => count === 0).length
    const idleText = idle === 0 ? '' : `, and ${idle} of ${counts.length} got none`
    const intention = intendedBy(model, service)
    yield {
      object: service.manifest,
      path: [],
      reason: `the busiest of ${counts.length} ready pods served ${percent(most)} of ${windowText(traffic)}${idleText}${intention === undefined ? '' : `, as ${intention} may intend`}`,
      fix:
        intention === undefined
          ? 'see the other findings for the cause; where there is none, see whether a longer window (--seconds 60) shows it too'
          : 'see whether that is meant',
      // Some seconds of many cannot tell whether it stays so, unless a pod gets nothing at all.
      ...((intention !== undefined || idle === 0) && { severity: 'advice' as const }),
    }
  },
}
