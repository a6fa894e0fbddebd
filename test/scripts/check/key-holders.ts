import type { Path } from '../../../scripts/lib/check/place.ts'

interface Node {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly definitions?: Readonly<Record<string, Node>>
}

/** An object whose keys the schema names. */
export interface KeyHolder {
  readonly path: Path
  readonly keys: readonly string[]
}

/** A name that every kind of entry may have. */
const sample = 'example'

/** All of a schema's objects with keys of their own, those in lists and in maps under names of the user's included. */
export function keyHolders(schema: Node): KeyHolder[] {
  const definitions = schema.definitions ?? {}
  const below = (given: Node, path: Path): KeyHolder[] => {
    const node = { ...definitions[given.$ref?.replace('#/definitions/', '') ?? ''], ...given }
    const entries = [...Object.values(node.patternProperties ?? {}), node.additionalProperties]
    return [
      ...(node.properties ? [{ path, keys: Object.keys(node.properties) }] : []),
      ...Object.entries(node.properties ?? {}).flatMap(([key, property]) => below(property, [...path, key])),
      ...entries.flatMap((entry) => (typeof entry === 'object' ? below(entry, [...path, sample]) : [])),
      ...(node.items ? below(node.items, [...path, 0]) : []),
    ]
  }
  return below(schema, [])
}
