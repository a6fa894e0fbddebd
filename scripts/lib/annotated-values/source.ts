import { type Document, isMap, isScalar, LineCounter, type Pair, parse, parseDocument, type Scalar, visit } from 'yaml'
import type { CommentBlock } from './comment.ts'
import type { Problems } from './problems.ts'
import type { Section } from './setting.ts'

/** YAML text that can say where a node stands, and what the comment above it is. */
export interface Source {
  readonly document: Document
  /** The line on which a key stands, from 1, and the block of comment lines that touches it from above. */
  readonly placeOf: (key: Pair['key']) => { readonly line: number; readonly comment: CommentBlock }
  /** The line of the last of these keys, each inside the one before it; undefined where it is not there. */
  readonly lineOf: (keys: readonly string[]) => number | undefined
}

/** Parses YAML; where it is none, or where Helm would read it differently, goes to `problems`. */
export function readSource(text: string, problems: Problems): Source {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  const lines = text.split('\n')
  for (const { pos, message } of document.errors) {
    problems.add(counter.linePos(pos[0]).line, `this is no YAML (${message}): correct it`)
  }
  visit(document, {
    Scalar(_, node) {
      const reason = whyAmbiguous(node)
      if (reason !== undefined) problems.add(counter.linePos(node.range?.[0] ?? 0).line, reason)
    },
  })
  return {
    document,
    placeOf(key) {
      const { line, col } = counter.linePos(isScalar(key) ? (key.range?.[0] ?? 0) : 0)
      return { line, comment: commentAbove(lines, line, col - 1) }
    },
    lineOf(keys) {
      const holder = document.getIn(keys.slice(0, -1), true)
      const pair = isMap(holder)
        ? holder.items.find(({ key }) => isScalar(key) && String(key.value) === keys.at(-1))
        : null
      return pair ? counter.linePos((pair.key as Scalar).range?.[0] ?? 0).line : undefined
    },
  }
}

/** Titles of the form `## Title`, each opening a block of comment at the left margin. */
export function sectionsOf(text: string): Section[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) =>
    line.startsWith('## ') && !lines[index - 1]?.startsWith('#')
      ? [{ title: line.slice(3).trim(), line: index + 1 }]
      : [],
  )
}

function commentAbove(lines: readonly string[], keyLine: number, column: number): CommentBlock {
  const hash = `${' '.repeat(column)}#`
  let first = keyLine - 1
  while (lines[first - 1]?.startsWith(hash)) first -= 1
  return { line: first + 1, column, lines: lines.slice(first, keyLine - 1).map((line) => line.slice(hash.length)) }
}

/** Helm's parser knows words of YAML 1.1, such as no, on and 0644, as booleans and octal numbers. */
function whyAmbiguous({ type, source, value }: Scalar): string | undefined {
  if (type !== 'PLAIN' || source === undefined) return undefined
  const toHelm: unknown = parse(source, { version: '1.1' })
  if (toHelm === value) return undefined
  return `${source} is ${JSON.stringify(value)} to editors and ${JSON.stringify(toHelm)} to Helm: put it in quotes`
}
