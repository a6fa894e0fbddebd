import { type Document, LineCounter, parseDocument } from 'yaml'
import type { Place } from '../findings/finding.ts'
import { followPath } from '../follow-path.ts'
import type { Manifest, Path, Source } from './manifest.ts'

/** Where a path of an object stands in its file; what is not there stands where the nearest thing around it does. */
export function placeIn({ source }: Manifest, path: Path): Place {
  const { document, lines } = parsedOf(source)
  const { offset } = followPath(document, [...source.path, ...path])
  const start = offset > 0 ? offset : (document.contents?.range?.[0] ?? 0)
  const { line, col } = lines.linePos(start)
  const sourceLine = (source.text.split('\n', line)[line - 1] ?? '').replace(/\r$/, '')
  return { file: source.file, line: source.firstLine + line - 1, column: col, sourceLine }
}

/** Places are wanted for few documents, and of those for several in turn. */
function parsedOf({ text }: Source): Parsed {
  if (last?.text !== text) {
    const lines = new LineCounter()
    last = { text, document: parseDocument(text, { lineCounter: lines, logLevel: 'error' }), lines }
  }
  return last
}

interface Parsed {
  readonly text: string
  readonly document: Document
  readonly lines: LineCounter
}

let last: Parsed | undefined
