import { capitalized } from '../capitalized.ts'
import { mergeTypes } from './merge-types.ts'
import { type Fragment, type NamedType, namedTypes, type Scalar } from './named-types.ts'
import { Mistake } from './problems.ts'

/** What `@type`, `@enum` and `@range` say, as far as they are there. */
export interface TypeAnnotations {
  readonly type?: readonly string[] | undefined
  readonly enum?: readonly Scalar[] | undefined
  readonly range?: Range | undefined
}

export interface Range {
  readonly minimum?: number
  readonly maximum?: number
}

export interface ResolvedType {
  /** The name under which `definitions` holds the schema; undefined where it is of use in one place alone. */
  readonly name: string | undefined
  readonly schema: Fragment
  /** What the reference says. */
  readonly docs: string
}

/**
 * The schema of a value by its annotations and its default. A default of "" makes the empty string allowed beside what
 * the types allow, and a default of 0 the number 0: both mean "unset".
 *
 * @throws Mistake whose message says what is wrong with the annotations and what to write instead
 */
export function resolveType(annotations: TypeAnnotations, given?: unknown): ResolvedType {
  const { type: names = [], enum: allowed, range } = annotations
  if (allowed !== undefined && range !== undefined)
    throw new Mistake('@enum and @range stand together: keep one of them')
  const types = names.map(namedType)
  if (allowed !== undefined) return enumOf(types, allowed, given)
  if (range !== undefined) return rangeOf(types, range, given)

  const schema = merge(types, given === '' ? [''] : [])
  const isUnset = given === 0 && schema.minimum !== undefined && schema.minimum > 0
  const isEmpty = given === '' && JSON.stringify(schema) !== JSON.stringify(merge(types))
  const parts = [...names, ...(isUnset ? ['zero'] : []), ...(isEmpty ? ['empty'] : [])]
  const name = parts.map((part, i) => (i === 0 ? part : capitalized(part))).join('Or')
  return { name, schema: isUnset ? { ...schema, minimum: 0 } : schema, docs: docsOf(types) }
}

function namedType(name: string): NamedType {
  const type = namedTypes[name]
  if (type === undefined) {
    throw new Mistake(`the type ${name} is unknown: use one of ${Object.keys(namedTypes).join(', ')}`)
  }
  return type
}

/** Allowed values, alone or beside types. For a list they are those of its items. */
function enumOf(types: readonly NamedType[], allowed: readonly Scalar[], given: unknown): ResolvedType {
  const values = oneOf(allowed.map((value) => `\`${value === '' ? '""' : value}\``))
  if (Array.isArray(given)) {
    if (types.some((type) => type !== namedTypes.strings))
      throw new Mistake('@enum of a list needs no @type: leave it out')
    return { name: undefined, schema: { type: 'array', items: { enum: allowed } }, docs: `list of ${values}` }
  }
  if (types.length === 0) return { name: undefined, schema: { enum: allowed }, docs: values }
  const words = allowed.filter((value) => typeof value === 'string')
  if (words.length < allowed.length) throw new Mistake('@enum beside @type takes words alone: leave out one of the two')
  return { name: undefined, schema: merge(types, words), docs: `${docsOf(types)} or ${values}` }
}

function rangeOf(types: readonly NamedType[], range: Range, given: unknown): ResolvedType {
  const merged = merge(types, given === '' ? [''] : [])
  if (merged.minimum === undefined)
    throw new Mistake(`@range bounds numbers, and ${docsOf(types)} is none: leave it out`)
  const schema = { ...merged, ...range }
  return { name: undefined, schema, docs: `${docsOf(types)}, ${rangeText(schema)}` }
}

function merge(types: readonly NamedType[], words: readonly string[] = []): Fragment {
  try {
    return mergeTypes(
      types.map(({ schema }) => schema),
      words,
    )
  } catch (error) {
    throw new Mistake(`@type cannot be ${docsOf(types)}, because ${(error as Error).message}: use raw or raws`)
  }
}

const docsOf = (types: readonly NamedType[]): string => [...new Set(types.map(({ docs }) => docs))].join(' or ')
const oneOf = (words: readonly string[]): string => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words)

const rangeText = ({ minimum, maximum }: Fragment): string =>
  maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`
