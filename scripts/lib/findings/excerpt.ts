import { visible } from '../../report/visible.ts'
import type { Place } from './finding.ts'

/** A line of a file with what is wrong in it underlined; cut to a width around that. */
export interface Excerpt {
  readonly source: string
  /** As many blanks as stand before it, and a caret for each column of it. */
  readonly underline: string
}

/** Letters on either side of a place that are looked at, since a file may be one line. */
const farthest = 500

/** @param width in columns of a terminal */
export function excerptOf({ sourceLine, column }: Place, width: number): Excerpt {
  const start = column - 1
  const rest = sourceLine.slice(start, start + farthest).trimEnd()
  const length = lengthOf(rest)
  const before = shown(sourceLine.slice(Math.max(0, start - farthest), start))
  const place = shown(rest.slice(0, length))
  const after = shown(rest.slice(length))
  const left = fromEnd(before, Math.max(Math.floor(width / 2), width - widthOf(place + after)))
  const middle = fromStart(place, width - widthOf(left))
  const right = fromStart(after, width - widthOf(left + middle))
  return {
    source: left + middle + right,
    underline: ' '.repeat(widthOf(left)) + '^'.repeat(Math.max(1, widthOf(middle))),
  }
}

/** A key, a word, what is in quotes, or a comment: as much of a line's rest as its place is about. */
const lengthOf = (rest: string): number => aboutThere.exec(rest)?.[0].length ?? 1

const aboutThere = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|#.*|[^\s,{}[\]]+?(?=:\s|:$|[\s,{}[\]]|$))/

/** As it can stand on one line of a terminal. */
const shown = (text: string): string => visible(text).replace(/\t/g, '  ')

/** As much of the beginning of a text as fits. */
function fromStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cut = ''
  for (const { segment } of segments.segment(text)) {
    if (widthOf(cut + segment) >= width) break
    cut += segment
  }
  return width > 0 ? `${cut}…` : ''
}

/** As much of its end. */
function fromEnd(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cut = ''
  for (const { segment } of [...segments.segment(text)].toReversed()) {
    if (widthOf(segment + cut) >= width) break
    cut = segment + cut
  }
  return `…${cut}`
}

const segments = new Intl.Segmenter('en')

/** Columns of a terminal: two for what is wide, none for what is laid over its neighbour. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  return [...segments.segment(text)].reduce(
    (sum, { segment }) => sum + (wide.test(segment) ? 2 : blank.test(segment) ? 0 : 1),
    0,
  )
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
const blank = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
