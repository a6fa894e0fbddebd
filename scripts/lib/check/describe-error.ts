import type { ErrorObject } from 'ajv'
import { formOf } from './forms.ts'
import { nearest } from './nearest.ts'
import { otherForms, otherTypes } from './other-values.ts'

/** A schema's error in words. */
export interface Description {
  readonly id: string
  /** The key below the place of the error that it is about. */
  readonly key?: string
  readonly reason: string
  readonly fix: string
  readonly suggestion?: string | undefined
  /** What may mend it, the best first; none of it tried. */
  readonly edits?: readonly Edit[]
}

/** Another value in the place, or another name for the key. */
export type Edit = { readonly value: unknown } | { readonly name: string }

/**
 * What an error of ajv's (with `verbose`) means to whoever wrote the values, and what to do about it.
 *
 * @param definition the name of the schema's definition that the error is of, where its path does not tell
 */
export function describeError(error: ErrorObject, definition?: string): Description {
  const describe = byKeyword[error.keyword]
  return (
    describe?.(error, definition ?? /\/definitions\/(\w+)/.exec(error.schemaPath)?.[1] ?? '') ?? {
      id: 'schema',
      reason: error.message ?? 'the schema refuses it',
      fix: 'change it',
    }
  )
}

/** The word that was meant, as a question, or else what there is. */
export function meant(word: string, words: readonly string[]): Pick<Description, 'fix' | 'suggestion'> {
  const suggestion = nearest(word, words)
  if (suggestion !== undefined) return { fix: `did you mean ${suggestion}?`, suggestion }
  if (words.length > 12) return { fix: "remove it (the chart's values.yaml shows all that there are)" }
  return { fix: words.length > 0 ? `use one of ${words.join(', ')}` : 'remove it' }
}

const byKeyword: Readonly<Record<string, (error: ErrorObject, definition: string) => Description>> = {
  additionalProperties({ params: { additionalProperty: key }, parentSchema }) {
    const [pattern] = Object.keys(parentSchema?.patternProperties ?? {})
    if (pattern !== undefined) {
      const edits = [
        { name: key.replaceAll(/[^\w.-]/g, '_') },
        { name: key.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-') },
      ]
      return {
        id: 'unknown-name',
        key,
        reason: 'no entry can have this name',
        fix: `use one that matches ${pattern}`,
        edits,
      }
    }
    const keys = Object.keys(parentSchema?.properties ?? {})
    const words = meant(key, keys)
    const edits = words.suggestion === undefined ? [] : [{ name: words.suggestion }]
    return { id: 'unknown-key', key, reason: 'there is no such key', ...words, edits }
  },

  enum({ data, params }) {
    const allowed: readonly unknown[] = params.allowedValues
    const words = allowed.filter((value): value is string => typeof value === 'string' && value !== '')
    const suggestion = nearest(String(data), words)
    const fix = suggestion === undefined ? 'write one of them' : `did you mean ${suggestion}?`
    const edits = suggestion === undefined ? [] : [{ value: suggestion }]
    return {
      id: 'wrong-value',
      reason: `${shown(data)} is none of ${listed(allowed.map(shown))}`,
      fix,
      suggestion,
      edits,
    }
  },

  type({ data, params, parentSchema }) {
    const wanted = [params.type].flat().map((type: string) => typeNames[type] ?? type)
    const reason = `${shown(data)} is ${kindOf(data)}, and ${listed(wanted)} is wanted`
    return {
      id: 'wrong-type',
      reason,
      fix: retyped(data, wanted),
      edits: otherTypes(data, [params.type].flat(), parentSchema),
    }
  },

  minimum: ({ data, params: { limit } }) => ({
    id: 'wrong-number',
    reason: `${data} is less than ${limit}`,
    fix: `write ${limit} or more`,
    edits: [{ value: limit }],
  }),

  maximum: ({ data, params: { limit } }) => ({
    id: 'wrong-number',
    reason: `${data} is more than ${limit}`,
    fix: `write ${limit} or less`,
    edits: [{ value: limit }],
  }),

  pattern({ data, params }, definition) {
    const form = formOf(definition)
    const reason = form ? `${shown(data)} is not ${form.called}` : `${shown(data)} cannot stand here`
    const edits = typeof data === 'string' ? otherForms(data).map((value) => ({ value })) : []
    return { id: 'wrong-form', reason, fix: `write ${form?.write ?? `text that matches ${params.pattern}`}`, edits }
  },

  maxProperties: ({ data, params: { limit } }) => ({
    id: 'wrong-value',
    reason: `it has ${Object.keys(data as object).join(' and ')}, and there can be ${limit} alone`,
    fix: `keep ${limit} of them`,
  }),

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
  if (isNumber && wanted.some((name) => name.endsWith('number'))) return `write ${data.trim()}, without quotes`
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
