/** An object of the chart's values, and its keys for which nothing stands for "unset": neither it nor they may be null. */
export interface NeededObject {
  /** As in sentences: `client.image`; '' for the values themselves. */
  readonly path: string
  /** The object that it is in, and its key there. */
  readonly in: string
  readonly key: string
  /** How many keys it has in all. */
  readonly size: number
  readonly keys: readonly string[]
}

/** As much of a JSON Schema as is looked at. */
export interface SchemaNode {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly definitions?: Readonly<Record<string, SchemaNode>>
}

/**
 * What must not be null, by the chart's schema: every object of the chart's own, and every value whose default says
 * something and that cannot be "". Outer objects come before inner ones. The chart keeps the result, as
 * files/needed-values.json, for its templates, which cannot read a schema.
 */
export function neededValues(schema: SchemaNode): NeededObject[] {
  return objectAt({ path: '', in: '', key: '' }, schema, schema.definitions ?? {})
}

function objectAt(
  place: Pick<NeededObject, 'path' | 'in' | 'key'>,
  schema: SchemaNode,
  definitions: Readonly<Record<string, SchemaNode>>,
): NeededObject[] {
  const keys: string[] = []
  const inner: NeededObject[] = []
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const node = { ...definitions[property.$ref?.replace('#/definitions/', '') ?? ''], ...property }
    const path = place.path === '' ? key : `${place.path}.${key}`
    // A parent chart may well have no globals, and templates are prepared for that.
    if (node.properties !== undefined && node.type === 'object') {
      if (path !== 'global') inner.push(...objectAt({ path, in: place.path, key }, node, definitions))
    } else if (node.default !== undefined && node.default !== '' && node.default !== 0 && !canBeEmpty(node)) {
      keys.push(key)
    }
  }
  return [{ ...place, size: Object.keys(schema.properties ?? {}).length, keys }, ...inner]
}

function canBeEmpty({ type, enum: allowed, pattern }: SchemaNode): boolean {
  if (allowed !== undefined) return allowed.includes('')
  return [type].flat().includes('string') && (pattern === undefined || new RegExp(pattern).test(''))
}
