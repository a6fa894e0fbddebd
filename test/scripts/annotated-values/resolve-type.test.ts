import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { namedTypes } from '../../../scripts/lib/annotated-values/named-types.ts'
import { resolveType } from '../../../scripts/lib/annotated-values/resolve-type.ts'
import { schemaOfKey } from './annotated.ts'

const patternOf = (name: string): string => namedTypes[name]?.schema.pattern?.slice(1, -1) ?? ''

describe('a default of "" admits "" beside the type', () => {
  it.each([
    ['string', { type: 'string' }],
    ['scalar', { type: ['string', 'number', 'boolean'] }],
    ['rawOrString', { type: ['object', 'string'] }],
    ['duration', { type: 'string', pattern: `^(${patternOf('duration')})?$` }],
    ['number', { type: ['number', 'string'], minimum: 0, pattern: '^$' }],
    ['boolean', { enum: [true, false, ''] }],
    ['auto', { enum: ['auto', ''] }],
    ['raw', { type: ['object', 'string'], pattern: '^$' }],
    ['strings', { items: { type: 'string' }, type: ['array', 'string'], pattern: '^$' }],
    ['integer | percent', { type: ['integer', 'string'], minimum: 0, pattern: `^(${patternOf('percent')})?$` }],
  ])('%s', (type, schema) => expect(schemaOfKey([`@type ${type}`], '""')).toEqual(schema))

  it('but not beside an enum, which lists it', () => {
    expect(schemaOfKey(['@enum a ""'], '""')).toEqual({ enum: ['a', ''] })
  })
})

describe('a default of 0 admits 0 beside the type', () => {
  it.each([
    ['port', { type: 'integer', minimum: 0, maximum: 65535 }],
    ['integer', { type: 'integer', minimum: 0 }],
    ['scalar', { type: ['string', 'number', 'boolean'] }],
    [
      'port | portName',
      { type: ['integer', 'string'], minimum: 0, maximum: 65535, pattern: `^${patternOf('portName')}$` },
    ],
  ])('%s', (type, schema) => expect(schemaOfKey([`@type ${type}`], '0')).toEqual(schema))
})

describe('a union is one flat schema', () => {
  it.each([
    ['boolean | auto', 'auto', { enum: [true, false, 'auto'] }],
    ['auto | boolean', 'true', { enum: [true, false, 'auto'] }],
    ['mtlsMode | auto', 'auto', { enum: ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT', 'auto'] }],
    ['integer | auto', 'auto', { type: ['integer', 'string'], minimum: 0, pattern: '^auto$' }],
    ['integer | percent', '25%', { type: ['integer', 'string'], minimum: 0, pattern: `^${patternOf('percent')}$` }],
    ['duration | auto', 'auto', { type: 'string', pattern: `^(${patternOf('duration')}|auto)$` }],
    ['duration | percent', '5s', { type: 'string', pattern: `^(${patternOf('duration')}|${patternOf('percent')})$` }],
    ['string | duration', '5s', { type: 'string' }],
    ['string | auto', 'auto', { type: 'string' }],
    ['integer | number', '1', { type: 'number', minimum: 0 }],
    ['integer | port', '1', { type: 'integer', minimum: 0 }],
    ['port | scalar', '1', { type: ['string', 'number', 'boolean'] }],
    [
      'arguments | auto',
      'auto',
      { type: ['array', 'string'], items: { type: ['string', 'number', 'boolean'] }, pattern: '^auto$' },
    ],
    ['raw | raws', '{}', { type: ['object', 'array'], items: { type: 'object' } }],
  ])('%s', (type, given, schema) => {
    const found = schemaOfKey([`@type ${type}`], given)
    expect(found).toEqual(schema)
    expect(() => new Ajv({ strict: true, allowUnionTypes: true }).compile(found)).not.toThrow()
  })

  it('has a name of all its parts, and one definition', () => {
    expect(resolveType({ type: ['integer', 'percent'] }, '')).toMatchObject({ name: 'integerOrPercentOrEmpty' })
    expect(resolveType({ type: ['port'] }, 0)).toMatchObject({ name: 'portOrZero' })
    expect(resolveType({ type: ['duration'] }, '1s')).toMatchObject({ name: 'duration' })
    expect(resolveType({ type: ['string'] }, '')).toMatchObject({ name: 'string' })
  })
})

describe('@enum', () => {
  it.each([
    [['@enum a b ""'], 'a', { enum: ['a', 'b', ''] }],
    [['@enum true 1 "1" "1.30"'], '1', { enum: [true, 1, '1', '1.30'] }],
    [['@enum a b'], '[a]', { type: 'array', items: { enum: ['a', 'b'] } }],
    [['@enum a b'], '[]', { type: 'array', items: { enum: ['a', 'b'] } }],
    [['@type strings', '@enum a b'], '[]', { type: 'array', items: { enum: ['a', 'b'] } }],
    [['@type integer', '@enum ""'], '600', { type: ['integer', 'string'], minimum: 0, pattern: '^$' }],
    [['@type integer', '@enum a ""'], '""', { type: ['integer', 'string'], minimum: 0, pattern: '^(a)?$' }],
    [['@type boolean', '@enum a'], 'true', { enum: [true, false, 'a'] }],
    [['@type duration', '@enum a.b'], 'a.b', { type: 'string', pattern: `^(${patternOf('duration')}|a\\.b)$` }],
  ])('%s of %s', (annotations, given, schema) => expect(schemaOfKey(annotations, given)).toEqual(schema))
})

describe('@range', () => {
  it.each([
    [['@range 0..100'], '5', { type: 'integer', minimum: 0, maximum: 100 }],
    [['@range 1..'], '5', { type: 'integer', minimum: 1 }],
    [['@range ..5'], '5', { type: 'integer', minimum: 0, maximum: 5 }],
    [['@range -1..1'], '0', { type: 'integer', minimum: -1, maximum: 1 }],
    [['@range 0.5..1.5'], '1.5', { type: 'number', minimum: 0.5, maximum: 1.5 }],
    [['@type number', '@range ..1'], '1', { type: 'number', minimum: 0, maximum: 1 }],
    [['@type integer | auto', '@range 1..'], 'auto', { type: ['integer', 'string'], minimum: 1, pattern: '^auto$' }],
    [['@type integer', '@range 1..'], '""', { type: ['integer', 'string'], minimum: 1, pattern: '^$' }],
  ])('%s of %s', (annotations, given, schema) => expect(schemaOfKey(annotations, given)).toEqual(schema))
})

it.each([
  [{ type: ['duration'] }, 'duration'],
  [{ type: ['boolean', 'auto'] }, 'boolean or `auto`'],
  [{ enum: ['a', ''] }, '`a` or `""`'],
  [{ type: ['integer'], enum: ['a'] }, 'integer or `a`'],
  [{ type: ['integer'], range: { minimum: 1 } }, 'integer, from 1'],
  [{ type: ['integer'], range: { maximum: 5 } }, 'integer, 0 to 5'],
])('has a name for people: %j', (annotations, docs) => expect(resolveType(annotations).docs).toBe(docs))
