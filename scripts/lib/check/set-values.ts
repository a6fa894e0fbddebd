import { usageError } from '../exit.ts'
import { isMap, type Values } from '../values.ts'
import type { Path } from './place.ts'

/** One `key=value` of a --set. */
export interface SetValue {
  readonly path: Path
  readonly value: unknown
  /** Where the pair begins, in the text of the --set. */
  readonly offset: number
}

/** Values with those of one --set over them, and what it set, in order. */
export interface Applied {
  readonly values: Values
  readonly set: readonly SetValue[]
}

/**
 * Values with those of a --set over them, as Helm reads it: `KEY=VALUE`, several with commas between, dots for maps, `[0]` for a
 * place in a list, `{a,b}` for a whole list, a backslash before a character that means itself. A value is true, false, null, a
 * whole number, or else text.
 *
 * @param which the one of several sets that it is, from 1: for the sentence
 * @throws EvenlyError (exit 64) for what Helm refuses; where Helm 3 and 4 differ, for what one of them refuses
 */
export function applySet(values: Values, text: string, which = 1): Applied {
  // A copy, in which aliases share nothing.
  const parser = new SetParser(text, JSON.parse(JSON.stringify(values)))
  try {
    parser.parse()
  } catch (error) {
    if (!(error instanceof SetError)) throw error
    throw usageError(`--set ${which} (${shown(text)}): ${error.message}`)
  }
  return { values: parser.values, set: parser.set }
}

type Holder = Record<string, unknown>

class SetError extends Error {}

const mostLevels = 30
const largestIndex = 65_536

/** Helm's own parser (pkg/strvals), step for step: what it makes of odd texts follows from its order of doing things. */
class SetParser {
  readonly values: Holder
  readonly set: SetValue[] = []
  private readonly letters: readonly string[]
  private at = 0
  private pairAt = 0

  constructor(text: string, values: Holder) {
    this.letters = [...text]
    this.values = values
  }

  parse(): void {
    while (!this.isOver()) {
      this.pairAt = this.at
      this.key(this.values, [], 0)
    }
  }

  /** Whether the text was over where a key or a value could have been: Helm then leaves what is around it as it was. */
  private key(map: Holder, outer: Path, level: number): boolean {
    const { word, stop } = this.until('=[,.')
    if (stop === undefined) {
      if (word === '') return true
      throw new SetError(`${shown(word)} has no value: write ${shown(word)}=VALUE`)
    }
    const path = [...outer, word]
    if (stop === '=') {
      const isOver = this.isOver()
      this.put(map, path, this.value())
      return isOver
    }
    if (stop === ',') throw new SetError(`${shown(word)} has no value: write ${shown(word)}=VALUE before the comma`)
    const before = Object.hasOwn(map, word) ? map[word] : stop === '[' ? [] : {}
    if (stop === '[') {
      if (!Array.isArray(before)) throw notA('list', path)
      const { list, isOver } = this.item([...before], path, level)
      put(map, word, list)
      return isOver
    }
    if (level === mostLevels) throw new SetError(`it has more than ${mostLevels} levels: set a map above in a file`)
    if (!isMap(before)) throw notA('map', path)
    const isOver = this.key(before as Holder, path, level + 1)
    if (Object.keys(before).length > 0) put(map, word, before)
    else if (!isOver) throw new SetError(`${shown(word)} has no value: write a key and = after the dot`)
    return isOver
  }

  /** What is at an index of a list, whose [ has been read. */
  private item(list: unknown[], outer: Path, level: number): { list: unknown[]; isOver: boolean } {
    const index = this.index()
    const path = [...outer, index]
    const { word, stop } = this.until('[.=')
    if (word !== '') throw new SetError(`${shown(word)} stands after ]: write =, . or [ there`)
    if (stop === undefined) return { list, isOver: true }
    let value: unknown
    if (stop === '=') {
      value = this.value()
      this.set.push({ path, value, offset: this.pairAt })
    } else if (stop === '[') {
      const before = list[index] ?? []
      if (!Array.isArray(before)) throw notA('list', path)
      const inner = this.item([...before], path, level)
      if (inner.isOver) return { list, isOver: true }
      value = inner.list
    } else {
      value = isMap(list[index]) ? list[index] : {}
      if (index < list.length) list[index] = value
      if (this.key(value as Holder, path, level)) return { list, isOver: true }
    }
    if (index > largestIndex) throw new SetError(`there is no index ${index}: write one from 0 to ${largestIndex}`)
    while (list.length < index) list.push(null)
    list[index] = value
    return { list, isOver: false }
  }

  private index(): number {
    const { word, stop } = this.until(']')
    if (stop === undefined) throw new SetError('a [ is not closed: write ] after the index')
    if (!/^[-+]?\d+$/.test(word)) throw new SetError(`${shown(word)} is no index: write a number between [ and ]`)
    const index = Number(word)
    if (index >= 0 && Number.isSafeInteger(index)) return index
    throw new SetError(`there is no index ${shown(word)}: write one from 0 to ${largestIndex}`)
  }

  private value(): unknown {
    if (this.letters[this.at] !== '{') return typed(this.until(',').word)
    this.at++
    const list: unknown[] = []
    for (;;) {
      const { word, stop } = this.until(',}')
      if (stop === undefined) throw new SetError('a list has no end: write } after it')
      list.push(typed(word))
      if (stop === ',') continue
      if (this.letters[this.at] === ',') this.at++
      return list
    }
  }

  private put(map: Holder, path: Path, value: unknown): void {
    if (put(map, String(path.at(-1)), value)) this.set.push({ path, value, offset: this.pairAt })
  }

  private isOver(): boolean {
    return this.at >= this.letters.length
  }

  /** The word up to one of these characters, without backslashes; no `stop` at the end of the text. */
  private until(stops: string): { word: string; stop: string | undefined } {
    let word = ''
    while (!this.isOver()) {
      const letter = this.letters[this.at++] as string
      if (stops.includes(letter)) return { word, stop: letter }
      word += letter === '\\' ? (this.letters[this.at++] ?? '') : letter
    }
    return { word, stop: undefined }
  }
}

function typed(word: string): unknown {
  if (/^true$/iu.test(word)) return true
  if (/^false$/iu.test(word)) return false
  if (/^null$/iu.test(word)) return null
  if (word === '0') return 0
  const isWhole = /^(?!0)[-+]?\d+$/.test(word) && BigInt.asIntN(64, BigInt(word)) === BigInt(word)
  return isWhole ? Number(word) : word
}

/** To Helm a key without a name is none. */
function put(map: Holder, key: string, value: unknown): boolean {
  if (key !== '') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  return key !== ''
}

const notA = (kind: string, path: Path): SetError =>
  new SetError(`${shown(path.join('.'))} is no ${kind} in the values before: set it as a whole`)

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text)
