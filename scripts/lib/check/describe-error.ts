import type { ErrorObject } from 'ajv'
import { formOf } from './forms.ts'
import { nearest } from './nearest.ts'

/** A schema's error in words. */
export interface Description {
  readonly id: string
  /** The key below the place of the error that it is about. */
  readonly key?: string
  readonly reason: string
  readonly fix: string
  readonly suggestion?: string | undefined
}

/** What an error of ajv's (with `verbose`) means to whoever wrote the values, and what to do about it. */
export function describeError(error: ErrorObject): Description {
  const describe = byKeyword[error.keyword]
  return describe?.(error) ?? { id: 'schema', reason: error.message ?? 'the schema refuses it', fix: 'change it' }
}

/** The word that was meant, as a question, or else what there is. */
export function meant(word: string, words: readonly string[]): Pick<Description, 'fix' | 'suggestion'> {
  const suggestion = nearest(word, words)
  if (suggestion !== undefined) return { fix: `did you mean ${suggestion}?`, suggestion }
  if (words.length > 12) return { fix: "remove it (the chart's values.yaml shows all that there are)" }
  return { fix: words.length > 0 ? `use one of ${words.join(', ')}` : 'remove it' }
}

const byKeyword: Readonly<Record<string, (error: ErrorObject) => Description>> = {
  additionalProperties({ params: { additionalProperty: key }, parentSchema }) {
    const [pattern] = Object.keys(parentSchema?.patternProperties ?? {})
    if (pattern !== undefined) {
      return { id: 'unknown-name', key, reason: 'no entry can have this name', fix: `use one that matches ${pattern}` }
    }
    const keys = Object.keys(parentSchema?.properties ?? {})
    return { id: 'unknown-key', key, reason: 'there is no such key', ...meant(key, keys) }
  },

  enum({ data, params }) {
    const allowed: readonly unknown[] = params.allowedValues
    const words = allowed.filter((value): value is string => typeof value === 'string' && value !== '')
    const suggestion = nearest(String(data), words)
    const fix = suggestion === undefined ? 'write one of them' : `did you mean ${suggestion}?`
    return { id: 'wrong-value', reason: `${shown(data)} is none of ${listed(allowed.map(shown))}`, fix, suggestion }
  },

  type({ data, params }) {
    const wanted = [params.type].flat().map((type: string) => typeNames[type] ?? type)
    const reason = `${shown(data)} is ${kindOf(data)}, and ${listed(wanted)} is wanted`
    return { id: 'wrong-type', reason, fix: retyped(data, wanted) }
  },

  minimum: ({ data, params: { limit } }) => ({
    id: 'wrong-number',
    reason: `${data} is less than ${limit}`,
    fix: `write ${limit} or more`,
  }),

  maximum: ({ data, params: { limit } }) => ({
    id: 'wrong-number',
    reason: `${data} is more than ${limit}`,
    fix: `write ${limit} or less`,
  }),

  pattern({ data, params, schemaPath }) {
    const form = formOf(/\/definitions\/(\w+)/.exec(schemaPath)?.[1] ?? '')
    const reason = form ? `${shown(data)} is not ${form.called}` : `${shown(data)} cannot stand here`
    return { id: 'wrong-form', reason, fix: `write ${form?.write ?? `text that matches ${params.pattern}`}` }
  },

  required: ({ params }) => ({ id: 'missing-key', reason: `it has no ${params.missingProperty}`, fix: 'add that' }),
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
}

/** A value as the type that is wanted, where it can only be a matter of quotes. */
function retyped(data: unknown, wanted: readonly string[]): string {
  if (data === null) return 'leave it out'
  const isNumber = typeof data === 'string' && data.trim() !== '' && Number.isFinite(Number(data))
  if (isNumber && wanted.some((name) => name.endsWith('number'))) return `write ${data}, without quotes`
  if (wanted.includes('true or false') && ['true', 'false'].includes(String(data)))
    return `write ${data}, without quotes`
  if (wanted.includes('text') && typeof data !== 'object') return `write ${JSON.stringify(String(data))}`
  return `write ${listed(wanted)}`
}

function kindOf(data: unknown): string {
  if (data === null) return 'nothing'
  if (Array.isArray(data)) return 'a list'
  if (typeof data === 'number') return Number.isInteger(data) ? 'a number' : 'a fraction'
  return { string: 'text', boolean: 'a switch', object: 'a map' }[typeof data as string] ?? typeof data
}

function shown(data: unknown): string {
  const text = JSON.stringify(data) ?? String(data)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const listed = (words: readonly string[]): string => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words)
