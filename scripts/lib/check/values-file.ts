import { readFile } from 'node:fs/promises'
import {
  type Document,
  isAlias,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLParseError,
} from 'yaml'
import { badInput } from '../exit.ts'
import { isMap, type Values } from '../values.ts'

/** A values file as Helm reads it, and its nodes with their places. */
export interface ValuesFile {
  readonly file: string
  readonly values: Values
  readonly document: Document
  readonly lines: LineCounter
}

const largest = 5 * 1024 * 1024

/** @throws EvenlyError (exit 65) whose one sentence says why the file cannot be taken for values, and what to do */
export async function readValuesFile(file: string): Promise<ValuesFile> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw badInput(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}): check its path and rights`)
  }
  if (bytes.length > largest) throw badInput(`${file} is larger than 5 MiB, which values never are: check its path`)
  if (bytes.includes(0)) throw badInput(`${file} holds NUL bytes, so it is no YAML: save it as UTF-8 text`)
  try {
    return parseValues(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file)
  } catch (error) {
    // An encoding that is none is a TypeError; a RangeError is a stack that nesting has used up.
    if (error instanceof TypeError) throw badInput(`${file} is no UTF-8 text: save it as UTF-8`)
    if (error instanceof RangeError) throw badInput(`${file} nests too deep to be values: flatten it`)
    throw error
  }
}

/** The same of text that is at hand. */
export function parseValues(text: string, file: string): ValuesFile {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.1',
    customTags: asHelmReads,
    logLevel: 'error',
  })
  const [error] = document.errors
  if (error?.message.includes('call stack')) throw new RangeError(error.message)
  if (error) throw badInput(`${file}:${placeOf(error.pos[0], lines)}: ${whatIsWrong(error)}`)
  visit(document, {
    Pair(_, pair) {
      const key = pair.key as Node | null
      if (isAlias(key) || (isScalar(key) && key.value !== null)) return
      const place = placeOf(key?.range?.[0] ?? 0, lines)
      throw badInput(`${file}:${place}: a key is no name, but nothing, a list or a map: write a name`)
    },
  })
  const values: unknown = plain(document, file) ?? {}
  if (isMap(values)) return { file, values, document, lines }
  const kind = Array.isArray(values) ? 'a list' : 'one value'
  throw badInput(`${file} holds ${kind}, and values are KEY: VALUE: write keys`)
}

/** YAML 1.1 as Helm's parser has it: 1:30 is not 90, a date is no point in time, a dot no number, and 0o17 is 15. */
const asHelmReads = (tags: Tags): Tags => [dot, octal, ...tags.filter(isHelms)]

const dot: ScalarTag = { tag: 'tag:yaml.org,2002:str', default: true, test: /^[-+]?[.]$/, resolve: (text) => text }

const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replace(/0o|_/g, ''), 8),
}

function isHelms(tag: Tags[number]): boolean {
  return typeof tag === 'string' || (tag.format !== 'TIME' && !/:(timestamp|binary)$/.test(tag.tag))
}

function plain(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const isBomb = error.message.includes('Excessive alias count')
    const reason = isBomb
      ? 'its aliases multiply to more than values ever are'
      : `an alias leads nowhere (${error.message})`
    throw badInput(`${file}: ${reason}: write out what they stand for`)
  }
}

function whatIsWrong({ code, message }: YAMLParseError): string {
  const [what = message] = message.split(/ at line |:?\n/)
  if (code === 'DUPLICATE_KEY') return 'a key stands twice in one map, and only one can hold: remove the other'
  if (code === 'TAB_AS_INDENT') return 'a tab indents it, and YAML takes spaces alone: replace it by spaces'
  if (code === 'MULTIPLE_DOCS') return 'another document begins here, and Helm reads the first alone: keep one'
  return `this is no YAML (${what.replace(/[.:]$/, '')}): correct it`
}

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col}`
}
