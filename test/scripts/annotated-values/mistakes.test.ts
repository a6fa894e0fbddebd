import { describe, expect, it } from 'vitest'
import { namedTypes } from '../../../scripts/lib/annotated-values/named-types.ts'
import { EvenlyError, exitCode } from '../../../scripts/lib/exit.ts'
import { annotated } from './annotated.ts'

/** What is said about a values file, which is wrong. */
function complaintsAbout(text: string): string[] {
  try {
    annotated(text)
  } catch (error) {
    if (!(error instanceof EvenlyError)) throw error
    expect(error.exitCode).toBe(exitCode.badInput)
    return error.message.split('\n')
  }
  return []
}

const types = Object.keys(namedTypes).join(', ')
const words = '@type, @enum, @range, @each, @default, @kubernetes, @istio, @gateway, @linkerd, @envoy, @grpc'

const mistakes: Record<string, [text: string, complaint: string]> = {
  'no description': ['a: 1', '1: a has no description: write # -- and what it is above it'],
  'no description, but annotations': [
    '# @type name\na: ""',
    '2: a has no description: write # -- and what it is above it',
  ],
  'an empty description': ['# -- \na: 1', '2: a has no description: write # -- and what it is above it'],
  'a description with a line between': [
    '# -- A.\n\na: 1',
    '3: a has no description: write # -- and what it is above it',
  ],
  'a description in another column': [
    '# -- A.\na:\n# -- B.\n  b: 1',
    '4: a.b has no description: write # -- and what it is above it',
  ],
  'no description further down': [
    '# -- A.\na:\n  b: 1',
    '3: a.b has no description: write # -- and what it is above it',
  ],
  'no description in an entry': [
    '# -- A.\n# @each name\n#   b: 1\na: {}',
    '3: a.NAME.b has no description: write # -- and what it is above it',
  ],
  'no description in an inline map': [
    '# -- A.\na: {b: 1}',
    '2: a.b has no description: write # -- and what it is above it',
  ],
  'two descriptions': ['# -- A.\n# @type name\n# -- B.\na: ""', '3: a: it is described twice: leave out one # --'],
  'prose on a description': [
    '# Prose.\n# -- A.\na: 1',
    '1: a: "# Prose." belongs to nothing: move it behind # -- or above a blank line',
  ],
  'prose below an annotation': [
    '# -- A.\n# @type name\n# Prose.\na: ""',
    '3: a: "# Prose." belongs to nothing: move it behind # -- or above a blank line',
  ],
  'a title on a description': [
    '## Title\n# -- A.\na: 1',
    '1: a: the title "## Title" touches its comment: leave a blank line between them',
  ],
  'an unknown word': ['# -- A.\n# @typ name\na: ""', `2: a: @typ is unknown: use one of ${words}`],
  'a word without an argument': ['# -- A.\n# @type\na: ""', '2: a: @type says nothing: write something after it'],
  'a word twice': ['# -- A.\n# @type name\n# @type key\na: ""', '3: a: @type is there twice: leave out one of them'],
  'keys below another word': [
    '# -- A.\n# @type raw\n#   # -- B.\n#   b: 1\na: {}',
    '2: a: lines below @type mean nothing: move them behind # --',
  ],
  'an unknown type': ['# -- A.\n# @type nam\na: ""', `3: a: the type nam is unknown: use one of ${types}`],
  'an unknown type in a union': [
    '# -- A.\n# @type name | nam\na: ""',
    `3: a: the type nam is unknown: use one of ${types}`,
  ],
  'an unknown type of names': [
    '# -- A.\n# @each nam: raw\na: {}',
    `3: a: the type nam is unknown: use one of ${types}`,
  ],
  'an unknown type of entries': [
    '# -- A.\n# @each name: ra\na: {}',
    `3: a: the type ra is unknown: use one of ${types}`,
  ],
  'a type that is none of names': [
    '# -- A.\n# @each port: raw\na: {}',
    '3: a: @each port is no type of names: use portName, envName, name, key or fileName',
  ],
  'two kinds of object': [
    '# -- A.\n# @type raw | labels\na: {}',
    '3: a: @type cannot be object or labels, because they are two kinds of object: use raw or raws',
  ],
  'a range without bounds': ['# -- A.\n# @range 1-5\na: 1', '2: a: @range 1-5 has no bounds: write 0..100, 1.. or ..5'],
  'a range of nothing': ['# -- A.\n# @range ..\na: 1', '2: a: @range .. has no bounds: write 0..100, 1.. or ..5'],
  'a range of texts': ['# -- A.\n# @range 1..\na: x', '3: a: @range bounds numbers, and string is none: leave it out'],
  'a range beside an enum': [
    '# -- A.\n# @enum 1 2\n# @range 1..\na: 1',
    '4: a: @enum and @range stand together: keep one of them',
  ],
  'an enum of objects': ['# -- A.\n# @enum {} b\na: b', '2: a: @enum takes words, and {} is none: put it in quotes'],
  'an enum of what is no YAML': [
    '# -- A.\n# @enum *b b\na: b',
    '2: a: @enum takes words, and *b is none: put it in quotes',
  ],
  'an enum of numbers beside a type': [
    '# -- A.\n# @type string\n# @enum 1\na: ""',
    '4: a: @enum beside @type takes words alone: leave out one of the two',
  ],
  'an enum on an object': [
    '# -- A.\n# @enum b\na:\n  # -- B.\n  b: 1',
    '3: a: @enum and @range are not for objects: leave them out',
  ],
  'an @each beside a type': [
    '# -- A.\n# @each name: raw\n# @type raw\na: {}',
    '4: a: @each says it all: leave out @type, @enum and @range',
  ],
  'an @each on a text': [
    '# -- A.\n# @each name: raw\na: ""',
    '3: a: @each is for maps, and the default is none: write {} or entries',
  ],
  'an @each of nothing': [
    '# -- A.\n# @each name\na: {}',
    '2: a: @each takes a type (name: string) or keys in indented lines below: write one of the two',
  ],
  'an @each of two things': [
    '# -- A.\n# @each name: raw\n#   # -- B.\n#   b: 1\na: {}',
    '2: a: @each takes a type (name: string) or keys in indented lines below: write one of the two',
  ],
  'an @each of no keys': [
    '# -- A.\n# @each name\n#   text\na: {}',
    '4: a: the indented lines below @each are no keys: write KEY: DEFAULT there',
  ],
  'an empty object': [
    '# -- A.\na: {}',
    '2: a: an empty object says nothing of its keys: write # @each NAMES or # @type raw',
  ],
  'an empty list': [
    '# -- A.\na: []',
    '2: a: a list says nothing of other items: write # @type strings, or raws, or # @enum',
  ],
  'a list': ['# -- A.\na: [b]', '2: a: a list says nothing of other items: write # @type strings, or raws, or # @enum'],
  null: ['# -- A.\na:', '2: a: null is no default, for Helm 3 and 4 treat it differently: write "" where it is unset'],
  'a default against its type': [
    '# -- A.\n# @type duration\na: 5',
    '3: a: the default 5 must be string: change it or what is allowed',
  ],
  'a default against its pattern': [
    '# -- A.\n# @type duration\na: 5d',
    '3: a: the default "5d" must match pattern "^[0-9]{1,5}(ms|s|m|h)$": change it or what is allowed',
  ],
  'a default against its enum': [
    '# -- A.\n# @enum b c\na: ""',
    '3: a: the default "" must be equal to one of the allowed values "b", "c": change it or what is allowed',
  ],
  'a default against its range': [
    '# -- A.\n# @range 1..\na: 0',
    '3: a: the default 0 must be >= 1: change it or what is allowed',
  ],
  'a negative default': ['# -- A.\na: -1', '2: a: the default -1 must be >= 0: change it or what is allowed'],
  'a default of an entry against its type': [
    '# -- A.\n# @each name\n#   # -- B.\n#   # @type port\n#   b: 65536\na: {}',
    '5: a.example.b: the default 65536 must be <= 65535: change it or what is allowed',
  ],
  'an entry against its type': [
    '# -- A.\n# @each name\n#   # -- B.\n#   b: 0\na:\n  x:\n    b: -1',
    '7: a.x.b: the default -1 must be >= 0: change it or what is allowed',
  ],
  'an entry with another key': [
    '# -- A.\n# @each name\n#   # -- B.\n#   b: 0\na:\n  x:\n    c: 1',
    '7: a.x.c: the entry has a name or key that is not allowed: change it or what is allowed',
  ],
  'an entry with a name of another form': [
    '# -- A.\n# @each name: raw\na:\n  X: {}',
    '4: a.X: the entry has a name or key that is not allowed: change it or what is allowed',
  ],
  'an entry that is null': [
    '# -- A.\n# @each envName: variable\na: {B: null}',
    '3: a.B: null is no default: remove it',
  ],
  'a key twice': ['# -- A.\na: 1\n# -- B.\na: 2', '4: this is no YAML (Map keys must be unique): correct it'],
  'a key twice in an entry': [
    '# -- A.\n# @each name\n#   # -- B.\n#   b: 1\n#   # -- B.\n#   b: 1\na: {}',
    '6: this is no YAML (Map keys must be unique): correct it',
  ],
  'a word that Helm reads as a boolean': [
    '# -- A.\n# @enum on off\na: off',
    '3: off is "off" to editors and false to Helm: put it in quotes',
  ],
  'a number that Helm reads as octal': [
    '# -- A.\na: 0644',
    '2: 0644 is 644 to editors and 420 to Helm: put it in quotes',
  ],
}

describe('what is wrong is named with its line and the fix', () => {
  it.each(Object.entries(mistakes))('%s', (_, [text, complaint]) => {
    expect(complaintsAbout(text)).toEqual([`values.yaml:${complaint}`])
  })
})

it('tells all of it at once, in the order of the file', () => {
  const complaints = complaintsAbout('a: 1\n# -- B.\n# @type x\nb: 1\n# -- C.\nc:\n  d: {}\n')
  expect(complaints.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'values.yaml:1: a',
    'values.yaml:4: b:',
    'values.yaml:7: c.d',
    'values.yaml:7: c.d:',
  ])
})
