import { hasRun, isAsExpected, type Row } from '../../cluster/result.ts'
import { type Markup, markup } from '../markup.ts'
import { foundText, summary, tookText } from '../sentences.ts'
import { stackedBar } from './stacked-bar.ts'
import { notRunVerdict, verdictMark } from './verdict-mark.ts'

/** All rows at a glance, each linked to its card. */
export function summaryCard(rows: readonly Row[]): Markup {
  return markup`<section class="card summary" aria-labelledby="summary">
<h2 id="summary">${summary(rows)}</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="summary"><table>
<thead><tr><th scope="col">scenario</th><th scope="col" class="wide">expected</th><th scope="col">verdict</th>
<th scope="col" class="wide">shares</th><th scope="col" class="wide">new pods found</th>
<th scope="col" class="number">failed</th><th scope="col" class="wide number">took</th></tr></thead>
<tbody>${rows.map((row, index) => summaryRow(row, `scenario-${index + 1}`))}</tbody>
</table></div>
</section>`
}

function summaryRow(row: Row, id: string): Markup {
  const opening = markup`
<tr><th scope="row"><a href="#${id}">${row.scenario}</a></th><td class="wide">${row.expected}</td>`
  if (!hasRun(row)) {
    return markup`${opening}<td>${notRunVerdict(row.failed)}</td>
<td class="wide" colspan="2"></td><td></td><td class="wide"></td></tr>`
  }
  const { failed, requests, tookSeconds, rebalance } = row
  return markup`${opening}<td>${verdictMark(isAsExpected(row), row.verdict)}</td>
<td class="wide shares">${stackedBar(row)}</td><td class="wide">${foundText(rebalance)}</td>
<td class="number">${failed} of ${requests}</td><td class="wide number">${tookText(tookSeconds)}</td></tr>`
}
