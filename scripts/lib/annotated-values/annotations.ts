import { isScalar, parseDocument } from 'yaml'
import { type CommentBlock, type Remark, takeApart } from './comment.ts'
import type { Scalar } from './named-types.ts'
import { Mistake, type Problems } from './problems.ts'
import type { Range, TypeAnnotations } from './resolve-type.ts'

/** What the comment above a key says. */
export interface Annotations extends TypeAnnotations {
  /** Markdown in one line, with what others call the key. */
  readonly description: string
  readonly each?: Each | undefined
  /** What to show in place of the default. */
  readonly defaultText?: string | undefined
  /** Whether all remarks made sense; if not, what they say of the value is not worth a look. */
  readonly isSound: boolean
}

/** `@each NAMES: TYPE`, or `@each NAMES` with the keys of an entry in the indented lines below. */
export interface Each {
  readonly names: string
  /** Types of an entry; undefined when it has keys. */
  readonly types: readonly string[] | undefined
  /** The keys of an entry in YAML, on the lines and columns of the file. */
  readonly keys: string
}

/** Who else has a word for a setting. */
const others: Readonly<Record<string, string>> = {
  kubernetes: 'Kubernetes',
  istio: 'Istio',
  gateway: 'Gateway API',
  linkerd: 'Linkerd',
  envoy: 'Envoy',
  grpc: 'gRPC',
}
const ownWords = ['type', 'enum', 'range', 'each', 'default']
const words = [...ownWords, ...Object.keys(others)]

/** Reads the comment above `key`; what it gets wrong goes to `problems`. */
export function readAnnotations(block: CommentBlock, key: string, problems: Problems): Annotations {
  const { description, remarks } = takeApart(block, key, problems)
  let isSound = true

  /** What a remark says, as far as it makes sense. */
  function attempt<T>(remark: Remark, read: () => T): T | undefined {
    const result = problems.attempt(remark.line, key, () => ({ value: read() }))
    isSound &&= result !== undefined
    return result?.value
  }
  function said<T>(word: string, read: (remark: Remark) => T): T | undefined {
    const remark = remarks.find((candidate) => candidate.word === word && candidate.argument !== '')
    return remark && attempt(remark, () => read(remark))
  }
  for (const remark of remarks) attempt(remark, () => checkRemark(remark, remarks))
  const annotations = {
    description: withEquivalents(description, remarks),
    type: said('type', ({ argument }) => typesIn(argument)),
    enum: said('enum', ({ argument }) => scalarsIn(argument)),
    range: said('range', ({ argument }) => rangeIn(argument)),
    each: said('each', eachIn),
    defaultText: said('default', ({ argument }) => argument),
  }
  return { ...annotations, isSound }
}

function withEquivalents(description: string, remarks: readonly Remark[]): string {
  const equivalents = remarks.flatMap(({ word, argument }) =>
    others[word] ? [`${others[word]}: \`${argument}\``] : [],
  )
  return equivalents.length === 0 ? description : `${description} ${equivalents.join(', ')}.`
}

function checkRemark({ word, argument, below, line }: Remark, remarks: readonly Remark[]): void {
  if (!words.includes(word)) throw new Mistake(`@${word} is unknown: use one of @${words.join(', @')}`)
  if (argument === '') throw new Mistake(`@${word} says nothing: write something after it`)
  if (below !== '' && word !== 'each') throw new Mistake(`lines below @${word} mean nothing: move them behind # --`)
  const isFirst = remarks.find((remark) => remark.word === word)?.line === line
  if (ownWords.includes(word) && !isFirst) throw new Mistake(`@${word} is there twice: leave out one of them`)
}

const typesIn = (argument: string): string[] => argument.split(/\s*\|\s*/)

/** Words as YAML reads them, so that `true` and 1 are here what they are in the values. */
function scalarsIn(argument: string): Scalar[] {
  return (argument.match(/"[^"]*"|\S+/g) ?? []).map((word) => {
    const { contents, errors } = parseDocument(word)
    const value: unknown = isScalar(contents) && errors.length === 0 ? contents.value : null
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
    throw new Mistake(`@enum takes words, and ${word} is none: put it in quotes`)
  })
}

function rangeIn(argument: string): Range {
  const [, minimum, maximum] = /^(-?\d+(?:[.]\d+)?)?[.][.](-?\d+(?:[.]\d+)?)?$/.exec(argument) ?? []
  if (minimum === undefined && maximum === undefined) {
    throw new Mistake(`@range ${argument} has no bounds: write 0..100, 1.. or ..5`)
  }
  return {
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
  }
}

function eachIn({ argument, below }: Remark): Each {
  const [, names, types] = /^(\w+)(?:\s*:\s*(.+))?$/.exec(argument) ?? []
  if (names === undefined) throw new Mistake(`@each ${argument} names no type of names: write @each portName`)
  if ((types === undefined) === (below === '')) {
    throw new Mistake(`@each takes a type (${names}: string) or keys in indented lines below: write one of the two`)
  }
  return { names, types: types === undefined ? undefined : typesIn(types), keys: below }
}
