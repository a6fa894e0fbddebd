import { describe, expect, it } from 'vitest'
import { ignoreComments } from '../../../scripts/lib/findings/ignore-comments.ts'

/** The lines that the comments of a text are for, and what they ask for. */
const scopesIn = (text: string) =>
  ignoreComments(text, 'a.yaml').map(({ line, rules, reason, scope }) => ({
    line,
    rules: rules.join(' '),
    reason,
    scope: scope && `${scope.from.join(':')} to ${scope.to.join(':')}`,
  }))

const scopeOf = (text: string) => scopesIn(text)[0]?.scope

describe('a comment evenly-ignore', () => {
  it('names rules and a reason, in which a colon may stand', () => {
    expect(scopesIn('a: 1\nb: 2 # evenly-ignore one , two-b: see http://x: y \n')).toEqual([
      { line: 2, rules: 'one two-b', reason: 'see http://x: y', scope: '2:1 to 2:5' },
    ])
    expect(ignoreComments('a: 1 #evenly-ignore x: y\r\n', 'a.yaml')).toMatchObject([
      { file: 'a.yaml', line: 1, column: 6, sourceLine: 'a: 1 #evenly-ignore x: y' },
    ])
  })

  it.each([
    ['# evenly-ignore', '', ''],
    ['# evenly-ignore:', '', ''],
    ['# evenly-ignore : why', '', 'why'],
    ['# evenly-ignore one', 'one', ''],
    ['# evenly-ignore one:', 'one', ''],
    ['# evenly-ignore one, :  why', 'one', 'why'],
  ])('may lack something: %s', (comment, rules, reason) => {
    expect(scopesIn(`a: 1\nb: 2 ${comment}\n`)).toMatchObject([{ rules, reason }])
  })

  it.each(['# evenly-ignored x: y', '# see evenly-ignore x: y', '# evenly-ignore-file x: y', '# Evenly-ignore x: y'])(
    'is not %s',
    (comment) => expect(scopesIn(`a: 1 ${comment}\n`)).toEqual([]),
  )

  it('is none in text, whatever the text looks like', () => {
    const text = `a: "# evenly-ignore x: y"
b: '# evenly-ignore x: y'
c: d#evenly-ignore x
e: |
  # evenly-ignore x: y
f: >-

  # evenly-ignore x: y
g: "one
  # evenly-ignore x: y"
`
    expect(scopesIn(text)).toEqual([])
    expect(scopesIn('--- |\n# evenly-ignore x: y')).toEqual([])
  })
})

describe('what a comment is for', () => {
  it.each([
    [
      'the key that begins on its line, with all in it',
      'x: 1\na: # evenly-ignore r: y\n  b:\n    c: 1\nd: 2\n',
      '2:1 to 5:1',
    ],
    ['the outermost of those that begin there', 'x: 1\na: {b: {c: 1}} # evenly-ignore r: y\n', '2:1 to 2:15'],
    [
      'an entry of a list, whose first key stands there',
      'l:\n  - a: 1 # evenly-ignore r: y\n    b: 2\n  - c: 3\n',
      '2:5 to 4:1',
    ],
    ['what ends on its line, where nothing begins', 'x: 1\na: [\n  1,\n] # evenly-ignore r: y\n', '2:1 to 4:2'],
    [
      'what follows it, when it has the line to itself',
      'x: 1\na:\n  # evenly-ignore r: y\n  # another\n\n  b: 1\n  c: 2\n',
      '6:3 to 6:7',
    ],
    ['the entry of a list that follows it', 'l:\n  # evenly-ignore r: y\n  - a: 1\n    b: 2\n  - c: 3\n', '3:5 to 5:1'],
    ['what follows it farther out, where its own map ends', 'x:\n  a: 1\n  # evenly-ignore r: y\nb: 1\n', '4:1 to 4:5'],
    ['text in a block, when it stands at its head', 'x: 1\na: | # evenly-ignore r: y\n  1\n  2\nb: 1\n', '2:1 to 5:1'],
    ['the whole file, before its first key', '# evenly-ignore r: y\n\na: 1\nb: 2\n', '1:1 to 5:1'],
    [
      'the whole document, on the line of its marker',
      'a: 1\n--- # evenly-ignore r: y\nb: 2\n---\nc: 3\n',
      '2:1 to 4:1',
    ],
  ])('%s', (_, text, scope) => expect(scopeOf(text)).toBe(scope))

  it('is its own document alone', () => {
    const text = 'a: 1\n---\n# evenly-ignore r: y\nb: 1\n---\nc: 1\n'
    expect(scopeOf(text)).toBe('2:1 to 5:1')
    expect(scopeOf('# evenly-ignore r: y\n---\na: 1\n---\nb: 1\n')).toBe('1:1 to 4:1')
    expect(scopeOf('a: 1\n...\n# evenly-ignore r: y\nb: 1\n')).toMatch(/^3:1 to /)
  })

  it('is nothing where nothing follows', () => {
    expect(scopeOf('a: 1\n# evenly-ignore r: y\n')).toBeUndefined()
    expect(scopeOf('# evenly-ignore r: y\n')).toBeUndefined()
    expect(scopeOf('a: 1\n---\n# evenly-ignore r: y\n---\nb: 1\n')).toBeUndefined()
  })

  it('is told in lines of the file, in which every document is counted', () => {
    const text = `${'a: 1\n---\n'.repeat(1000)}b: 2 # evenly-ignore r: y\n`
    expect(scopesIn(text)).toEqual([{ line: 2001, rules: 'r', reason: 'y', scope: '2001:1 to 2001:5' }])
  })
})
