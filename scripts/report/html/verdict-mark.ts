import { type Markup, markup } from '../markup.ts'
import { mark } from '../sentences.ts'

/** A word, its mark and its colour; `good` is undefined for what did not run. */
export function verdictMark(good: boolean | undefined, text: string): Markup {
  if (good === undefined) return markup`<span class="verdict quiet"><span aria-hidden="true">–</span> ${text}</span>`
  const meaning = good ? 'as expected' : 'not as expected'
  const sign = markup`<span role="img" aria-label="${meaning}">${mark(good)}</span>`
  return markup`<span class="verdict ${good ? 'good' : 'bad'}">${sign} ${text}</span>`
}

/** For a scenario without a verdict. */
export const notRunVerdict = (failed: boolean): Markup =>
  failed ? verdictMark(false, 'broke off') : verdictMark(undefined, 'not run')
