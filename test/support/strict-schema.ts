/** A schema as OpenAPI and JSON Schema write it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly [keyword: string]: unknown
}

export type Definitions = Readonly<Record<string, Schema>>

/**
 * What the API server accepts of an OpenAPI schema, as JSON Schema draft 4, whose words OpenAPI 3.0 shares. A field
 * that the schema does not name is refused, where the API server would drop it. Formats are left out: their checkers
 * differ.
 */
export function strict(schema: Schema): Schema {
  if (schema.$ref !== undefined) return { $ref: schema.$ref }
  const kept = Object.fromEntries(keptKeywords.filter((word) => word in schema).map((word) => [word, schema[word]]))
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    const { anyOf: _, ...limits } = kept
    return { ...limits, type: ['integer', 'string'] }
  }
  return {
    ...(schema.format === 'int32' ? int32 : {}),
    ...kept,
    ...(schema.nullable === true ? { type: [schema.type, 'null'].flat() as string[] } : {}),
    ...(schema['x-kubernetes-list-type'] === 'set' ? { uniqueItems: true } : {}),
    ...(schema.items === undefined ? {} : { items: strict(schema.items) }),
    ...(schema.properties === undefined ? {} : { properties: strictEach(schema.properties) }),
    ...fieldsBeyond(schema),
  }
}

/** A definition and all that it refers to, as one schema that stands alone. */
export function standalone(definition: Schema, definitions: Definitions): Schema {
  const reached: Record<string, Schema> = {}
  const reach = (schema: unknown): void => {
    for (const name of referencesIn(schema)) {
      if (name in reached) continue
      const found = definitions[name]
      if (found === undefined) throw new Error(`nothing defines ${name}`)
      reached[name] = name === quantityName ? quantity : strict(found)
      reach(reached[name])
    }
  }
  const root = strict(definition)
  reach(root)
  return { ...root, definitions: reached }
}

const keptKeywords = [
  ...['type', 'enum', 'required', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'multipleOf'],
  ...['exclusiveMinimum', 'exclusiveMaximum', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
  ...['allOf', 'anyOf', 'oneOf', 'not'],
]

const int32: Schema = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }

/** OpenAPI calls it a string and no more, though a number is as good, and a string has a grammar. */
const quantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
const decimal = String.raw`(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))`
const quantity: Schema = {
  type: ['number', 'string'],
  pattern: `^${decimal}(([KMGTPE]i)|[numkMGTPE]|([eE]${decimal}))?$`,
}

const strictEach = (schemas: Definitions): Definitions =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, strict(schema)]))

function fieldsBeyond(schema: Schema): { additionalProperties?: boolean | Schema } {
  const { additionalProperties: beyond } = schema
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return {}
  if (beyond !== undefined) return { additionalProperties: typeof beyond === 'object' ? strict(beyond) : beyond }
  return schema.type === 'object' || schema.properties !== undefined ? { additionalProperties: false } : {}
}

function* referencesIn(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [word, value] of Object.entries(schema)) {
    if (word === '$ref' && typeof value === 'string') yield value.replace('#/definitions/', '')
    else yield* referencesIn(value)
  }
}
