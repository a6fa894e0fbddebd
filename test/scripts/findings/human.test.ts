import { describe, expect, it } from 'vitest'
import { excerptOf, widthOf } from '../../../scripts/lib/findings/excerpt.ts'
import { humanText, type Paint, unpainted } from '../../../scripts/lib/findings/human.ts'
import { findingOf, hostileText } from './samples.ts'

const shown = (sourceLine: string, column: number, width = 40) => {
  const { source, underline } = excerptOf({ file: 'a', line: 1, column, sourceLine }, width)
  return [source, underline]
}

describe('a line with what is wrong in it underlined', () => {
  it.each([
    ['a key', '  replicaCout: 3', 3, '  ^^^^^^^^^^^'],
    ['a key with a colon in it', 'a:b: 1', 1, '^^^'],
    ['a key without a value', 'spec:', 1, '^^^^'],
    ['a key in quotes', '"a b: c": 1', 1, '^^^^^^^^'],
    ['text in quotes, with quotes in it', "x: ['it''s', 1]", 5, '    ^^^^^^^'],
    ['text in quotes that ends on another line', 'x: "one', 4, '   ^^^^'],
    ['an entry of a list', 'args: [-h, "a b"]', 8, '       ^^'],
    ['a list', 'args: [1]', 7, '      ^'],
    ['a comment to the end', 'a: 1 # b c: d', 6, '     ^^^^^^^^'],
    ['the end of a line', 'a: 1', 5, '    ^'],
  ])('%s', (_, sourceLine, column, underline) => expect(shown(sourceLine, column)).toEqual([sourceLine, underline]))

  it('puts two blanks for a tab, and drops the end of the line', () => {
    expect(shown('\ta:\tb\r', 2)).toEqual(['  a:  b', '  ^'])
  })

  it('counts columns of a terminal: two for what is wide, none for what is laid over another', () => {
    expect(shown('名前: x: 値', 5)).toEqual(['名前: x: 値', '      ^'])
    expect(shown('e\u0301 👩‍💻: b', 9)).toEqual(['e\u0301 👩‍💻: b', '    ^'])
    expect(shown('値段: 1', 1)[1]).toBe('^^^^')
    expect([widthOf('名'), widthOf('é'), widthOf('e\u0301'), widthOf('🎉'), widthOf('x')]).toEqual([2, 1, 1, 2, 1])
  })

  it('cuts a long line on both sides of the place, and never beyond the width', () => {
    const line = `${'a'.repeat(300)} key: ${'b'.repeat(300)}`
    const [source = '', underline = ''] = shown(line, 302)
    expect(source).toMatch(/^…a+ key: b+…$/)
    expect(source).toHaveLength(40)
    expect(source.slice(underline.indexOf('^'), underline.length)).toBe('key')
    expect(shown(line, 1)[0]).toMatch(/^a{39}…$/)
    expect(shown(`x: ${'b'.repeat(300)}`, 4)).toEqual([`x: ${'b'.repeat(36)}…`, `   ${'^'.repeat(37)}`])
    expect(shown(`${'a'.repeat(300)} z`, 302)).toEqual([`…${'a'.repeat(37)} z`, `${' '.repeat(39)}^`])
  })

  it('is soon there when the file is one line', () => {
    const line = '{"a":1},'.repeat(2_000_000)
    expect(widthOf(shown(line, 8_000_002, 100)[0] ?? '')).toBeLessThanOrEqual(100)
  })

  it('lets nothing through that a terminal obeys', () => {
    const [source = ''] = shown(`a: ${hostileText}`, 1, 200)
    expect(source).toMatch(/^a: <b onclick="x">&'␛\[31m␇/)
    expect(source).not.toMatch(/\p{Cc}|\u202e|\ud800/u)
  })
})

describe('findings for people', () => {
  it('are a line that editors can jump from, an excerpt and a patch', () => {
    const patch = 'image:\n  tag: "1.1"\n'
    expect(humanText([findingOf({ patch })], unpainted)).toBe(
      `values.yaml:3:3: error image.tag: 1.1 is a fraction, and text is wanted; write "1.1". [wrong-type]
  3 |   tag: 1.1
    |   ^^^
  lay this over with -f:
    image:
      tag: "1.1"`,
    )
  })

  it('name the object, and whose patch it is', () => {
    const finding = findingOf({ object: 'Service shop/orders', path: 'spec.ports[0]', severity: 'advice', line: 120 })
    const [head, source, underline, title, ...patch] = humanText(
      [{ ...finding, patch: 'kind: Service\nspec: {}\n' }],
      unpainted,
    ).split('\n')
    expect(head).toMatch(/^values\.yaml:120:3: advice Service shop\/orders spec\.ports\[0\]: 1\.1 is/)
    expect([source, underline]).toEqual(['  120 |   tag: 1.1', '      |   ^^^'])
    expect([title, ...patch]).toEqual(['  patch for Service shop/orders:', '    kind: Service', '    spec: {}'])
    expect(humanText([{ ...finding, patch: 'a: 1\n---\nb: 2\n' }], unpainted)).toContain(
      '\n  patches and new objects for Service shop/orders:\n    a: 1\n    ---\n    b: 2',
    )
    expect(humanText([{ ...finding, path: '' }], unpainted)).toMatch(/advice Service shop\/orders: 1\.1 is/)
  })

  it('say what null in a patch does', () => {
    expect(humanText([findingOf({ patch: 'a: null\n' })], unpainted)).toContain('(null takes a default away; ')
  })

  it('show a patch that mends two of them once', () => {
    const text = humanText([findingOf({ patch: 'a: 1\n' }), findingOf({ patch: 'a: 1\n' }), findingOf()], unpainted)
    expect(text.match(/a: 1$/gm)).toHaveLength(1)
    expect(text.match(/^ {2}mended by the patch above$/gm)).toHaveLength(1)
    expect(text.split('\n\n')).toHaveLength(3)
  })

  it('leave the excerpt out where there is no line to show', () => {
    expect(humanText([findingOf({ sourceLine: '' })], unpainted)).not.toContain('|')
  })

  it('stay on their lines and harmless, whatever the names are', () => {
    const text = humanText(
      [
        findingOf({
          file: `a\n${hostileText}`,
          path: hostileText,
          message: `x\ny${hostileText}`,
          patch: `a: ${hostileText}\n`,
        }),
      ],
      unpainted,
    )
    expect(text.split('\n')).toHaveLength(5)
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e|\ud800/u)
  })

  it('are coloured by severity, rule and place', () => {
    const tagged: Paint = (style, text) => `<${style}>${text}</>`
    const [head, source, underline] = humanText([findingOf()], tagged).split('\n')
    expect(head).toMatch(
      /^<bold>values\.yaml:3:3:<\/> <red>error<\/> <bold>image\.tag<\/>: .* <dim>\[wrong-type\]<\/>$/,
    )
    expect(source).toBe('  <dim>3</> <dim>|</>   tag: 1.1')
    expect(underline).toBe('    <dim>|</> <red>  ^^^</>')
    expect(humanText([findingOf({ severity: 'advice' })], tagged)).toContain('<yellow>advice</>')
  })
})
