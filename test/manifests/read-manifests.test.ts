import { describe, expect, it } from 'vitest'
import { EvenlyError } from '../../scripts/lib/exit.ts'
import { titleOf } from '../../scripts/lib/manifests/manifest.ts'
import { placeIn } from '../../scripts/lib/manifests/place-in.ts'
import { readManifests } from '../../scripts/lib/manifests/read-manifests.ts'

const read = (text: string) => readManifests([{ file: 'a.yaml', text }])
const titles = (text: string) => read(text).map(titleOf)
const map = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`

/** Where `data.key` of each object stands. */
const placesOf = (text: string) =>
  read(text).map((object) => {
    const { line, column, sourceLine } = placeIn(object, ['data', 'key'])
    return `${line}:${column} ${sourceLine}`
  })

function refusalOf(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof EvenlyError && error.exitCode === 65) return error.message
    throw error
  }
  throw new Error('it was read')
}

describe('readManifests', () => {
  it('reads every document, in their order and that of the texts', () => {
    expect(titles(`${map('a')}---\n${map('b')}`)).toEqual(['ConfigMap default/a', 'ConfigMap default/b'])
    const texts = [
      { file: 'b.yaml', text: map('b') },
      { file: 'a.yaml', text: map('a') },
    ]
    expect(readManifests(texts).map(({ source }) => source.file)).toEqual(['b.yaml', 'a.yaml'])
  })

  it.each([
    ['a marker before the first', `---\n${map('a')}`],
    ['markers one after another', `---\n---\n${map('a')}---\n---\n`],
    ['a comment at a marker', `--- # one\n${map('a')}--- # none\n`],
    ['documents of comments alone', `# Source: a\n---\n# Source: b\n${map('a')}---\n  # nothing\n`],
    ['an empty document of null', `null\n---\n${map('a')}`],
    ['an end of a document', `${map('a')}...\n`],
    ['lines that end as on Windows', `---\n${map('a')}---\n`.replaceAll('\n', '\r\n')],
    ['a marker with spaces after it', `---  \n${map('a')}---\t\n`],
    ['a byte order mark', `\uFEFF${map('a')}`],
    ['JSON', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, null, 2)],
    ['no line at the end', map('a').trimEnd()],
    ['an object that begins on the line of its marker', '--- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n'],
  ])('takes %s', (_, text) => {
    expect(titles(text)).toEqual(['ConfigMap default/a'])
  })

  it('takes a text without any object for none', () => {
    expect(titles('')).toEqual([])
    expect(titles('# nothing\n---\n\n')).toEqual([])
  })

  it('does not take a marker within a block of text for one', () => {
    const text = map('a', 'data:\n  key: |\n    first\n    ---\n    second\n  other: |-\n    ---\n')
    const [object] = read(text)
    expect(object?.content.data).toEqual({ key: 'first\n---\nsecond\n', other: '---' })
    expect(titles(map('a', 'data: {key: "a ---"}\n').replace('a ---', '---a'))).toHaveLength(1)
  })

  it('takes Lists apart, in Lists too', () => {
    const json = {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop' } },
        {
          apiVersion: 'v1',
          kind: 'ServiceList',
          items: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'b' } }],
        },
      ],
    }
    expect(titles(JSON.stringify(json))).toEqual(['Service shop/a', 'Service default/b'])
    expect(titles('{apiVersion: v1, kind: List, items: []}')).toEqual([])
    expect(titles('{apiVersion: example/v1, kind: AllowList, metadata: {name: a}}')).toEqual(['AllowList default/a'])
  })

  it('knows where things stand', () => {
    const data = 'data:\n  key: value\n'
    expect(placesOf(`# one\n${map('a', data)}---\n# two\n\n${map('b', data)}`)).toEqual([
      '6:3   key: value',
      '14:3   key: value',
    ])
    expect(placesOf(`# one\n${map('a', data)}---\n${map('b', data)}`.replaceAll('\n', '\r\n'))).toEqual([
      '6:3   key: value',
      '12:3   key: value',
    ])
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data: {key: b}\n'
    expect(placesOf(list)).toEqual(['7:10   data: {key: b}'])
  })

  it('says what labels and annotations are as text', () => {
    const [object] = read(
      '{apiVersion: v1, kind: Pod, metadata: {name: 1, labels: {a: true, b: 2}, annotations: null}}',
    )
    expect(object?.metadata).toEqual({
      name: '1',
      namespace: 'default',
      labels: { a: 'true', b: '2' },
      annotations: {},
    })
  })

  it.each([
    ['a value in two places', 'a: b: c\n', /^a\.yaml:4:5: this is no YAML \(.+\): correct it$/],
    ['a key twice', 'kind: Secret\n', /^a\.yaml:4:\d+: this is no YAML \(duplicated mapping key\): correct it$/],
    ['a tab for indentation', 'data:\n\tkey: value\n', /^a\.yaml:5:\d+: this is no YAML \(.+\): correct it$/],
    ['an alias of nothing', 'data: {key: *a}\n', /^a\.yaml:4:\d+: this is no YAML \(.+\): correct it$/],
  ])('refuses %s, and says where', (_, more, refusal) => {
    expect(refusalOf(map('a', more))).toMatch(refusal)
    const later = refusalOf(`${map('first')}---\n${map('a', more)}`)
    const [line] = /(?<=:)\d+/.exec(refusalOf(map('a', more))) ?? []
    expect(later).toContain(`a.yaml:${Number(line) + 4}:`)
  })

  it.each([
    ['text', 'Thank you for installing orders.\n'],
    ['a list', '- a\n- b\n'],
    ['values', 'replicas: 3\n'],
    ['an object without a version', 'kind: Pod\n'],
    ['a kind that is a number', 'apiVersion: v1\nkind: 1\n'],
    ['an item of a List that is none', 'apiVersion: v1\nkind: List\nitems: [a]\n'],
  ])('refuses %s', (_, text) => {
    expect(refusalOf(`${map('a')}---\n${text}`)).toMatch(
      /^a\.yaml: the document of line 4( \(items\.0\))? is no object of Kubernetes: /,
    )
  })

  it('refuses what nests without end', () => {
    const deep = `${map('a')}data: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`
    expect(refusalOf(deep)).toMatch(/^a\.yaml.*(nests too deep|no YAML)/)
  })
})
