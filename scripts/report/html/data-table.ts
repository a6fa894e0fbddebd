import { type Markup, markup } from '../markup.ts'

/** Past this many rows the rest is a number. */
const longest = 240

/** Numbers in rows; the first cell of each names it. A table too wide for the page scrolls by itself. */
export function dataTable(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Markup {
  const [first = '', ...others] = columns
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">${first}</th>
${others.map((title) => markup`<th scope="col" class="text">${title}</th>`)}</tr></thead>
<tbody>${rows.slice(0, longest).map(dataRow)}</tbody>
</table>${rows.length > longest && markup`<p class="quiet">… and ${rows.length - longest} more</p>`}</div>`
}

const dataRow = ([name = '', ...cells]: readonly (string | number)[]): Markup => markup`
<tr><th scope="row">${name}</th>
${cells.map((cell) => markup`<td class="${typeof cell === 'number' ? 'number' : 'text'}">${cell}</td>`)}</tr>`
