import { isAlias, isMap, isScalar, type Pair } from 'yaml'
import { type Annotations, type Each, readAnnotations } from './annotations.ts'
import { inferType } from './infer-type.ts'
import { Mistake, Problems } from './problems.ts'
import { type ResolvedType, resolveType } from './resolve-type.ts'
import { type AnnotatedValues, type Entry, type Setting, sampleName, type Value } from './setting.ts'
import { readSource, type Source, sectionsOf } from './source.ts'

/**
 * Reads a values file whose comments say what each key is and may hold: `# -- Description`, `# @type`, `# @enum`,
 * `# @range`, `# @each` for maps under names of the user's, `# @default` and names in other systems such as `# @istio`.
 *
 * @param file what messages call the file
 * @throws EvenlyError (exit 65) with everything that is wrong, each with file:line and the fix
 */
export function parseAnnotatedValues(text: string, file: string): AnnotatedValues {
  const problems = new Problems(file)
  const source = readSource(text, problems)
  const settings = readKeys(source.document.contents, '', { source, problems })
  problems.throwIfAny()
  return { file, settings, sections: sectionsOf(text), lineOf: source.lineOf }
}

/** Where keys are read from, and where their problems go. */
interface Reading {
  readonly source: Source
  readonly problems: Problems
}

function readKeys(node: unknown, parent: string, reading: Reading): Setting[] {
  return isMap(node) ? node.items.map((pair) => readSetting(pair, parent, reading)) : []
}

function readSetting(pair: Pair, parent: string, reading: Reading): Setting {
  const { source, problems } = reading
  const key = String(isScalar(pair.key) ? pair.key.value : pair.key)
  const path = parent === '' ? key : `${parent}.${key}`
  const { line, comment } = source.placeOf(pair.key)
  const annotations = readAnnotations(comment, path, problems)
  const read = (): Value => readValue(pair.value, annotations, path, reading)
  const value = annotations.isSound ? problems.attempt(line, path, read) : undefined
  const { description, defaultText } = annotations
  const given = plain(pair.value, source)
  return { key, path, line, description, default: given, defaultText, value: value ?? { kind: 'object', keys: [] } }
}

function readValue(given: unknown, annotations: Annotations, path: string, reading: Reading): Value {
  const node = isAlias(given) ? given.resolve(reading.source.document) : given
  const { each, type, enum: allowed, range } = annotations
  if (each !== undefined) {
    if (type ?? allowed ?? range) throw new Mistake('@each says it all: leave out @type, @enum and @range')
    if (!isMap(node)) throw new Mistake('@each is for maps, and the default is none: write {} or entries')
    return { kind: 'map', names: namesOf(each), entry: readEntry(each, path, reading) }
  }
  if (isMap(node) && node.items.length > 0 && type === undefined) {
    if (allowed ?? range) throw new Mistake('@enum and @range are not for objects: leave them out')
    return { kind: 'object', keys: readKeys(node, path, reading) }
  }
  const types = type ?? (allowed === undefined ? [inferType(node)] : [])
  return { kind: 'plain', type: resolveType({ type: types, enum: allowed, range }, plain(node, reading.source)) }
}

function readEntry(each: Each, path: string, { problems }: Reading): Entry {
  if (each.types !== undefined) return { kind: 'plain', type: resolveType({ type: each.types }) }
  const source = readSource(each.keys, problems)
  const keys = readKeys(source.document.contents, `${path}.NAME`, { source, problems })
  if (keys.length === 0) throw new Mistake('the indented lines below @each are no keys: write KEY: DEFAULT there')
  return { kind: 'object', keys }
}

function namesOf({ names }: Each): ResolvedType {
  const type = resolveType({ type: [names] })
  const { schema } = type
  if (schema.type === 'string' && new RegExp(schema.pattern ?? '').test(sampleName)) return type
  throw new Mistake(`@each ${names} is no type of names: use portName, envName, name, key or fileName`)
}

/** The value of a node as JSON has it; null where there is none. */
const plain = (node: unknown, { document }: Source): unknown =>
  (node as { toJS(of: unknown): unknown } | null)?.toJS(document) ?? null
