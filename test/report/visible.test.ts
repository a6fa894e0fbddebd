import { describe, expect, it } from 'vitest'
import { oneLine, visible } from '../../scripts/report/visible.ts'

describe('visible text', () => {
  it.each([
    ['a command to a terminal', '\u001b[2J', '␛[2J'],
    ['the end of a string', 'a\u0000b', 'a␀b'],
    ['a carriage return', 'good\rbad', 'good␍bad'],
    ['delete', '\u007f', '␡'],
    ['a command of one byte', '\u009b2J', '\ufffd2J'],
    ['writing from right to left', 'a\u202eb', 'a\ufffdb'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['what is no character', '\uffff\u{1fffe}', '\ufffd\ufffd'],
    ['line breaks, tabs and any script', 'a\n\tåß字👍', 'a\n\tåß字👍'],
  ])('shows %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('on one line has single spaces', () => {
    expect(oneLine(' a\r\n\tb\u2028c\u001b ')).toBe('a b c␛')
  })
})
