import { type Document, LineCounter, parseDocument, type ScalarTag, type Tags, type YAMLParseError } from 'yaml'
import { readText } from '../../report/read-text.ts'
import { badInput } from '../exit.ts'
import { isMap, type Values } from '../values.ts'
import { plainValues, UnusableYaml } from './plain-values.ts'
import { quickLook } from './quick-look.ts'

/** A values file as Helm reads it, and its nodes with their places. */
export interface ValuesFile {
  readonly file: string
  readonly text: string
  readonly values: Values
  readonly document: Document
  readonly lines: LineCounter
}

const largestBytes = 1024 * 1024
/** In characters. Scenarios have a few thousand. */
const longText = 16 * 1024

/** @throws EvenlyError (exit 65) whose one sentence says why the file cannot be taken for values, and what to do */
export async function readValuesFile(file: string): Promise<ValuesFile> {
  return parseValues(await readText(file, { mebibytes: largestBytes / 1024 / 1024, what: 'values' }), file)
}

/** The same of text that is at hand. @throws EvenlyError (exit 65) */
export function parseValues(text: string, file: string): ValuesFile {
  if (Buffer.byteLength(text) > largestBytes) {
    throw badInput(`${file} is larger than 1 MiB, which values never are: check its path`)
  }
  if (text.includes('\0')) throw badInput(`${file} holds NUL bytes, so it is no YAML: save it as UTF-8 text`)
  const lines = new LineCounter()
  try {
    if (text.length > longText) quickLook(text)
    const document = parsed(text, lines)
    const values = plainValues(document) ?? {}
    if (isMap(values)) return { file, text, values, document, lines }
    const kind = Array.isArray(values) ? 'a list' : 'one value'
    throw badInput(`${file} holds ${kind}, and values are KEY: VALUE: write keys`)
  } catch (error) {
    if (error instanceof RangeError) throw badInput(`${file} nests too deep to be values: flatten it`)
    if (error instanceof UnusableYaml) throw badInput(`${file}:${placeIn(text, error.offset)}: ${error.message}`)
    throw error
  }
}

function parsed(text: string, lineCounter: LineCounter): Document {
  const options = { version: '1.1', customTags: asHelmReads, logLevel: 'error' } as const
  // Keys that stand twice are found with the values: the library compares each key with all.
  const document = parseDocument(text, { ...options, lineCounter, uniqueKeys: false })
  const [error] = document.errors.filter(({ code, pos: [start] }) => code !== 'MULTIPLE_DOCS' || !isEnd(text, start))
  if (error?.message.includes('call stack')) throw new RangeError(error.message)
  if (error) throw new UnusableYaml(error.pos[0], whatIsWrong(error))
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.1') {
    throw new UnusableYaml(text.search(/^%YAML/m), 'Helm reads no YAML but 1.1: remove this line')
  }
  return document
}

/** A line that begins another document, and none after it. */
const isEnd = (text: string, start: number): boolean => /^---\s*$/.test(text.slice(start))

/** YAML 1.1 as Helm's parser has it: 1:30 is not 90, a date is no point in time, a dot no number, and 0o17 is 15. */
const asHelmReads = (tags: Tags): Tags => [dot, octal, binary, ...tags.filter(isHelms)]

const dot: ScalarTag = { tag: 'tag:yaml.org,2002:str', default: true, test: /^[-+]?[.]$/, resolve: (text) => text }

const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replace(/0o|_/g, ''), 8),
}

const binary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (text) => Buffer.from(text, 'base64').toString(),
}

function isHelms(tag: Tags[number]): boolean {
  return typeof tag === 'string' || (tag.format !== 'TIME' && !/:(timestamp|binary)$/.test(tag.tag))
}

function whatIsWrong({ code, message }: YAMLParseError): string {
  const [what = message] = message.split(/ at line |:?\n/)
  if (code === 'TAB_AS_INDENT') return 'a tab indents it, and YAML takes spaces alone: replace it by spaces'
  if (code === 'MULTIPLE_DOCS') return 'another document begins here, and Helm 3 reads the first alone: keep one'
  return `this is no YAML (${what.replace(/[.:]$/, '')}): correct it`
}

function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}
