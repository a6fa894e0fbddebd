import type { Fragment } from './named-types.ts'
import type { Setting } from './setting.ts'

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

/**
 * What must not be null: every object of the chart's own, and every value whose default says something and that cannot be
 * "". Outer objects come before inner ones. The chart keeps the result, as files/needed-values.json, for its templates,
 * which cannot read a schema.
 */
export function neededValues(settings: readonly Setting[]): NeededObject[] {
  return objectOf({ path: '', in: '', key: '' }, settings)
}

function objectOf(place: Pick<NeededObject, 'path' | 'in' | 'key'>, settings: readonly Setting[]): NeededObject[] {
  const inner = settings.flatMap(({ key, path, value }) =>
    // A parent chart may well have no globals, and templates are prepared for that.
    value.kind === 'object' && path !== 'global' ? objectOf({ path, in: place.path, key }, value.keys) : [],
  )
  return [{ ...place, size: settings.length, keys: settings.filter(isNeeded).map(({ key }) => key) }, ...inner]
}

function isNeeded({ value, default: given }: Setting): boolean {
  const saysSomething = typeof given !== 'object' && given !== '' && given !== 0
  return saysSomething && value.kind === 'plain' && !canBeEmpty(value.type.schema)
}

function canBeEmpty({ type, enum: allowed, pattern }: Fragment): boolean {
  if (allowed !== undefined) return allowed.includes('')
  return [type].flat().includes('string') && (pattern === undefined || new RegExp(pattern).test(''))
}
