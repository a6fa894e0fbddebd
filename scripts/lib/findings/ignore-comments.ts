import { isPair, Lexer, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml'

/** A comment `# evenly-ignore RULE, RULE: REASON`, and the part of the file that it is for. */
export interface IgnoreComment {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly sourceLine: string
  readonly rules: readonly string[]
  /** Empty where none is given. */
  readonly reason: string
  /** What it is for; undefined where nothing follows it. */
  readonly scope: Scope | undefined
}

/** From a place up to, and without, another. */
export interface Scope {
  readonly from: Position
  readonly to: Position
}

type Position = readonly [line: number, column: number]

/**
 * The comments of a text that ask for findings to be passed over. One at the end of a line is for what begins on that line
 * and everything in it, one on a line of its own for what follows, and before the first key for the whole document.
 */
export function ignoreComments(text: string, file: string): IgnoreComment[] {
  if (!text.includes('evenly-ignore')) return []
  let firstLine = 1
  return documentsIn(text).flatMap((document) => {
    const found = document.includes('evenly-ignore') ? commentsIn(document, firstLine, file) : []
    firstLine += document.split('\n').length - 1
    return found
  })
}

/** What stands before the first `---` is a document of its own only if it holds more than comments. */
function documentsIn(text: string): string[] {
  const [first = '', second, ...others] = text.split(/^(?=---(?:\s|$))|(?<=^\.\.\.[^\S\n]*\n)/m)
  if (second === undefined || /^[^\S\n]*[^\s#]/m.test(first))
    return [first, ...(second === undefined ? [] : [second]), ...others]
  return [first + second, ...others]
}

function commentsIn(text: string, firstLine: number, file: string): IgnoreComment[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' })
  const parts = partsOf(document.contents)
  const whole = document.contents?.range
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return [line + firstLine - 1, col]
  }
  return commentTokens(text).flatMap(({ offset, comment }): IgnoreComment[] => {
    const asked = /^#+\s*evenly-ignore(?=[\s:]|$)([^:]*):?(.*)$/.exec(comment)
    if (!asked) return []
    const [line, column] = position(offset)
    const before = text.slice(lines.lineStarts[lines.linePos(offset).line - 1], offset)
    const isWhole = whole && offset < whole[0]
    const part = isWhole
      ? { start: 0, end: text.length }
      : before.trim() === ''
        ? parts.find(({ start }) => start > offset)
        : ofLine(parts, lines, lines.linePos(offset).line)
    return [
      {
        file,
        line,
        column,
        sourceLine: text.split('\n', lines.linePos(offset).line).at(-1)?.replace(/\r$/, '') ?? '',
        rules: (asked[1] ?? '')
          .split(',')
          .map((rule) => rule.trim())
          .filter(Boolean),
        reason: (asked[2] ?? '').trim(),
        scope: part && { from: position(part.start), to: position(part.end) },
      },
    ]
  })
}

/** A key with its value, or an entry of a list, by offsets. */
interface Part {
  readonly start: number
  readonly end: number
}

/** All of them in the order of their beginnings, the outer before the inner. */
function partsOf(contents: unknown): Part[] {
  const parts: Part[] = []
  visit(contents as Node, {
    Pair: (_, pair) => {
      parts.push(partOf(pair))
    },
    Seq: (_, { items }) => {
      for (const item of items) if (!isPair(item)) parts.push(partOf(item))
    },
  })
  return parts
    .filter(({ start }) => start >= 0)
    .toSorted((one, other) => one.start - other.start || other.end - one.end)
}

function partOf(part: unknown): Part {
  const [key, value] = isPair(part)
    ? [(part as Pair<Node, Node | null>).key, (part as Pair<Node, Node | null>).value]
    : [part as Node, part as Node]
  const start = key?.range?.[0] ?? -1
  return { start, end: Math.max(value?.range?.[1] ?? -1, key?.range?.[1] ?? -1) }
}

/** The outermost part that begins on a line; of a line on which none does, the outermost that ends there. */
function ofLine(parts: readonly Part[], lines: LineCounter, line: number): Part | undefined {
  const lineOf = (offset: number): number => lines.linePos(offset).line
  return (
    parts.find(({ start }) => lineOf(start) === line) ?? parts.find(({ end }) => lineOf(Math.max(end - 1, 0)) === line)
  )
}

/** Comments as the lexer has them: none within quotes or blocks of text. */
function commentTokens(text: string): { offset: number; comment: string }[] {
  const found: { offset: number; comment: string }[] = []
  let offset = 0
  let isScalar = false
  for (const token of new Lexer().lex(text)) {
    if (markers.has(token)) {
      isScalar = token === scalarFollows
      continue
    }
    if (token.startsWith('#') && !isScalar) found.push({ offset, comment: token })
    isScalar = false
    offset += token.length
  }
  return found
}

/** Tokens of the lexer that stand for no text. */
const scalarFollows = '\x1f'
const markers = new Set(['\x02', '\x18', scalarFollows])
