import type { Rebalance } from '../../cluster/stopwatch/rebalance-types.ts'
import { type Markup, markup } from '../markup.ts'
import { after, errorsText } from '../sentences.ts'
import type { Curves } from './curves.ts'
import { dataTable } from './data-table.ts'
import type { Mark } from './rebalance-chart.ts'

type Name = (pod: string) => string

/** What became of the pods, and of the calls that failed. */
export const rebalanceTables = (rebalance: Rebalance, name: Name): Markup => markup`<div class="beside">
${rebalance.joined.length > 0 && joinedTable(rebalance, name)}
${rebalance.left.length > 0 && leftTable(rebalance, name)}
${rebalance.errors.length > 0 && errorsTable(rebalance)}
</div>`

function joinedTable({ joined, series }: Rebalance, name: Name): Markup {
  // A fair share is read off the series.
  const hasSeries = series.seconds.length > 0
  const rows = joined.map(({ pod, firstCallSeconds, fairShareSeconds }) => {
    return [name(pod), after(firstCallSeconds), ...(hasSeries ? [after(fairShareSeconds)] : [])]
  })
  const columns = ['pod', 'first call', ...(hasSeries ? ['fair share'] : [])]
  return dataTable('Joined, since ready', columns, rows)
}

function leftTable({ left }: Rebalance, name: Name): Markup {
  const rows = left.map(({ pod, lastCallSeconds: seconds }) => [name(pod), seconds === null ? 'none' : after(seconds)])
  return dataTable('Left, since deletion began', ['pod', 'last call'], rows)
}

function errorsTable({ errors }: Rebalance): Markup {
  const rows = errors.map((phase) => [phase.phase, phase.requests, errorsText(phase.errors) || 'none'])
  return dataTable('Calls that failed', ['phase', 'calls', 'failed'], rows)
}

/** The chart for who cannot see it. */
export function chartInNumbers({ intervals, lines, failed }: Curves, marks: readonly Mark[], name: Name): Markup {
  const rows = intervals.map(({ from }, index) => {
    const rates = [...lines.map(({ rates }) => rates[index] ?? 0), failed[index] ?? 0]
    return [`${Number(from.toFixed(1))} s`, ...rates.map((rate) => Number(rate.toFixed(1)))]
  })
  const happened = marks.map(({ second, text }) => [`${second} s`, text])
  return markup`<details class="on-screen"><summary>The chart in numbers</summary>
${happened.length > 0 && dataTable('What happened', ['when', 'what'], happened)}
${dataTable('Calls per second', ['since', ...lines.map(({ pod }) => name(pod)), 'failed'], rows)}
</details>`
}
