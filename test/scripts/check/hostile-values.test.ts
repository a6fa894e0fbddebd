import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkValues } from '../../../scripts/lib/check/check-values.ts'
import { parseValues, readValuesFile } from '../../../scripts/lib/check/values-file.ts'
import { EvenlyError } from '../../../scripts/lib/exit.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenly-hostile-'))
})
afterAll(() => rm(folder, { recursive: true }))

const mebi = 1024 * 1024

/** What is said of a file, which has to be one sentence and a matter of input. */
async function said(content: string | Buffer): Promise<string> {
  const path = join(folder, 'v.yaml')
  await writeFile(path, content)
  return saidOf(path)
}

async function saidOf(path: string): Promise<string> {
  const error: unknown = await readValuesFile(path).then(
    () => new Error('nothing'),
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(EvenlyError)
  const { exitCode, message } = error as EvenlyError
  expect(exitCode).toBe(65)
  expect(message).not.toContain('\n')
  return message.replaceAll(`${folder}/`, '')
}

const flow = 'write out what they stand for'

describe('a file that is no values file is refused in one sentence with its place', () => {
  it.each<[what: string, content: string | Buffer, sentence: string | RegExp]>([
    [
      'two documents',
      'a: 1\n---\nb: 1\n',
      'v.yaml:2:1: another document begins here, and Helm 3 reads the first alone: keep one',
    ],
    ['many documents', 'a: 1\n---\n'.repeat(20_000), /^v\.yaml:2:1: another document begins here/],
    [
      'a key twice',
      'a: {b: 1,\n  b: 2}\n',
      'v.yaml:2:3: a key stands twice in one map, and only one can hold: remove the other',
    ],
    ['a key twice in other words', 'a: {yes: 1, true: 2}', /^v\.yaml:1:13: a key stands twice/],
    ['a tab', 'a:\n\tb: 1\n', 'v.yaml:2:1: a tab indents it, and YAML takes spaces alone: replace it by spaces'],
    [
      'a tab far down',
      `${'a1: 1\n'.repeat(3000).replaceAll(/^a/gm, () => `a${count++}`)}b:\n\tc: 1\n`,
      /^v\.yaml:3002:1: a tab indents it/,
    ],
    ['NUL bytes', 'a: \0', 'v.yaml holds NUL bytes, so it is no YAML: save it as UTF-8 text'],
    ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), 'v.yaml is no UTF-8 text: save it as UTF-8'],
    [
      'UTF-16 without a mark',
      Buffer.from('a: 1\n', 'utf16le'),
      'v.yaml holds NUL bytes, so it is no YAML: save it as UTF-8 text',
    ],
    ['Latin-1', Buffer.from('a: é', 'latin1'), 'v.yaml is no UTF-8 text: save it as UTF-8'],
    ['too much', `a: ${'x'.repeat(mebi)}`, 'v.yaml is larger than 1 MiB, which values never are: check its path'],
    ['50 MB', Buffer.alloc(50 * mebi, 'a: 1\n'), 'v.yaml is larger than 1 MiB, which values never are: check its path'],
    [
      'too many keys',
      Array.from({ length: 80_000 }, (_, i) => `k${i}: 1\n`).join(''),
      'v.yaml:1:1: it holds more keys and entries than values ever do: check its path',
    ],
    ['an alias bomb', bomb(), `v.yaml:5:45: aliases multiply to more than values ever are: ${flow}`],
    ['a bomb of merge keys', mergeBomb(), /^v\.yaml:\d+:\d+: aliases multiply to more than values ever are/],
    [
      'a list in itself',
      'a: &a [*a]',
      'v.yaml:1:8: a stands for something that it is itself a part of: write that out',
    ],
    [
      'a map in itself',
      'a: &a {b: *a}',
      'v.yaml:1:11: a stands for something that it is itself a part of: write that out',
    ],
    [
      'a map in itself, deep',
      'a: &a\n  b:\n    - c: {d: *a}\n',
      /^v\.yaml:3:14: a stands for something that it is itself/,
    ],
    ['a map merged into itself', 'a: &a {<<: *a}', /^v\.yaml:1:12: a stands for something that it is itself/],
    [
      'an alias of nothing',
      'a: *b',
      'v.yaml:1:4: no anchor before it is called b: write out what the alias stands for',
    ],
    ['an alias before its anchor', 'a: *b\nb: &b 1', /^v\.yaml:1:4: no anchor before it/],
    [
      'a merge of text',
      'a: &a x\nb: {<<: *a}',
      'v.yaml:2:9: a merge key (<<) takes a map, or a list of maps: write an alias of one',
    ],
    ['a merge of a list of text', 'b: {<<: [x]}', /^v\.yaml:1:9: a merge key/],
    ['a merge of nothing', 'b: {<<: }', /: a merge key/],
    ['deep lists', `a: ${'['.repeat(100_000)}`, 'v.yaml:1:1003: it nests deeper than 1000 levels: flatten it'],
    [
      'deep maps',
      `a: ${'{a: '.repeat(100_000)}${'}'.repeat(100_000)}`,
      /^v\.yaml:1:\d+: it nests deeper than 1000 levels: flatten it$/,
    ],
    [
      'deep blocks',
      Array.from({ length: 1100 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
      /^v\.yaml:100\d:100\d: it nests deeper than 1000 levels/,
    ],
    ['deep keys', '? '.repeat(100_000), /nests deeper than 1000 levels/],
    ['quotes alone', '"'.repeat(mebi), /^v\.yaml:1:3: this is no YAML \([^\n]+\): correct it$/],
    ['anchors alone', 'a: '.concat('&a '.repeat(300_000)), /^v\.yaml:1:\d+: this is no YAML/],
    ['tags alone', 'a: '.concat('!!str '.repeat(150_000)), /^v\.yaml:1:\d+: this is no YAML/],
    ['directives alone', '%a\n'.repeat(300_000), /^v\.yaml:\d+:1: this is no YAML/],
    ['YAML 1.2', '# x\n%YAML 1.2\n---\na: 1\n', 'v.yaml:2:1: Helm reads no YAML but 1.1: remove this line'],
    ['no number', 'a: .nan', 'v.yaml:1:4: .nan is a number that values cannot hold: write another'],
    ['a key that is nothing', '~: 1', 'v.yaml:1:1: a key is no name, but nothing, a list or a map: write a name'],
    ['a key that is a map', '{x: 1}: 1', /^v\.yaml:1:1: a key is no name/],
    ['a list', '- a', 'v.yaml holds a list, and values are KEY: VALUE: write keys'],
    ['a word', 'a', 'v.yaml holds one value, and values are KEY: VALUE: write keys'],
    ['an open bracket', 'a: [1\n', /^v\.yaml:2:1: this is no YAML \([^\n]+\): correct it$/],
  ])('%s', async (_, content, sentence) => {
    const message = await said(content)
    if (typeof sentence === 'string') expect(message).toBe(sentence)
    else expect(message).toMatch(sentence)
  })

  it('a folder, a device without an end, a file that is not there', async () => {
    expect(await saidOf(folder)).toMatch(/ is a directory: name a file in it$/)
    expect(await saidOf('/dev/zero')).toBe('/dev/zero is larger than 1 MiB, which values never are: check its path')
    expect(await saidOf(join(folder, 'none.yaml'))).toBe('none.yaml cannot be read (ENOENT): check its path and rights')
  })
})

describe('a file that only looks odd is read', () => {
  it.each<[what: string, text: string, values: object]>([
    ['a mark at the start', '\ufeffreplicaCount: 2\n', { replicaCount: 2 }],
    ['carriage returns', 'a: 1\r\nb:\r\n  c: 2\r\n', { a: 1, b: { c: 2 } }],
    ['nothing but comments', `${'# x\n'.repeat(20_000)}`, {}],
    ['the end of a document', 'a: 1\n---\n', { a: 1 }],
    ['an anchor used often', `a: &a 1\nb: [${'*a, '.repeat(500)}]`, { a: 1, b: Array(500).fill(1) }],
    [
      'nesting that is only deep',
      `a: ${'['.repeat(200)}${']'.repeat(200)}`,
      JSON.parse(`{"a": ${'['.repeat(200)}${']'.repeat(200)}}`),
    ],
    ['binary', 'a: !!binary aGk=', { a: 'hi' }],
    ['a number too large', 'a: 1e400', { a: '1e400' }],
    ['tags of others', 'a: !x {b: !y [1]}', { a: { b: [1] } }],
  ])('%s', async (_, text, values) => {
    const path = join(folder, 'odd.yaml')
    await writeFile(path, text)
    expect((await readValuesFile(path)).values).toEqual(values)
  })

  it('and places are right with carriage returns and a mark', async () => {
    const path = join(folder, 'crlf.yaml')
    await writeFile(path, '\ufeffreplicaCout: 2\r\nclient:\r\n  enbled: true\r\n')
    expect(checkValues([await readValuesFile(path)])).toMatchObject([
      { line: 1, column: 1, sourceLine: 'replicaCout: 2' },
      { line: 3, column: 3, sourceLine: '  enbled: true' },
    ])
  })

  it('and any key is taken for what it is', () => {
    const file = parseValues('podLabels: {constructor: a, toString: b}\n"__proto__": {a: 1}\n', 'v.yaml')
    expect(checkValues([file])).toMatchObject([{ path: '__proto__', rule: 'unknown-key', line: 2, column: 1 }])
    expect({}).not.toHaveProperty('a')
  })
})

let count = 0

/** Ten aliases of ten aliases of ...: a billion entries from a kilobyte. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]\n`)
  return `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${levels.join('')}`
}

function mergeBomb(): string {
  const map = (level: number): string => Array.from({ length: 9 }, (_, i) => `k${i}: {<<: *a${level}}`).join(', ')
  return `a0: &a0 {x: 1}\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} {${map(i)}}\n`).join('')}`
}
