import type { Truth } from '../../cluster/result.ts'
import { type Markup, markup } from '../markup.ts'
import { dataTable } from './data-table.ts'
import { verdictMark } from './verdict-mark.ts'

/** Up to so many pods, the counts are on paper too. */
const printed = 24

/** The same calls as client, servers and proxy counted them, by the pods' full names; open when they differ. */
export function crossCheck({ client, server, proxy, proxyConnections, agrees, explanation }: Truth): Markup {
  const columns = [
    ['client', client],
    ['servers', server],
    ['proxy', proxy],
    ['connections', proxyConnections],
  ] as const
  const counts = columns.flatMap(([title, calls]) => (calls ? [{ title, calls: new Map(Object.entries(calls)) }] : []))
  const pods = [...new Set(counts.flatMap(({ calls }) => [...calls.keys()]))]
  const titles = ['pod', ...counts.map(({ title }) => title)]
  const rows = pods.map((pod) => [pod, ...counts.map(({ calls }) => calls.get(pod) ?? 0)])
  // Who counted alone agrees with nobody.
  const isSingle = agrees && counts.length === 1
  const outcome = verdictMark(
    isSingle ? undefined : agrees,
    isSingle ? 'counted once' : `counts ${agrees ? 'agree' : 'differ'}`,
  )
  return markup`<details class="${pods.length <= printed ? 'printed' : ''}"${!agrees && markup` open`}>
<summary>${outcome}: ${explanation}</summary>
${dataTable('Calls per pod, as each of them counted', titles, rows)}
</details>`
}
