import type { ScenarioResult } from '../../cluster/result.ts'
import { percent } from '../../lib/bars.ts'
import { type Markup, markup } from '../markup.ts'
import { digest, podShares } from '../pod-shares.ts'
import { ofWidth } from './of-width.ts'

/** The shares of all pods end to end. */
export function stackedBar({ counts }: ScenarioResult): Markup {
  const shares = podShares(counts)
  const served = shares.filter(({ calls }) => calls > 0)
  let from = 0
  const parts = served.map(({ share }, index) => {
    const part = markup`<rect class="part-${index % 2}" x="${ofWidth(from)}" width="${ofWidth(share)}" height="100%"/>`
    from += share
    return part
  })
  return markup`<svg class="bar" role="img"><title>${inWords(shares)}</title>
<rect class="track" width="100%" height="100%"/>${parts}</svg>`
}

function inWords(shares: ReturnType<typeof podShares>): string {
  const { first, between, last } = digest(shares)
  const told = [...first, ...last].map(({ share }) => percent(share)).join(', ')
  return between === undefined ? told : `${told}, and ${between.pods} pods between`
}
