import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LatestLines } from '../../../../services/echo/src/balancing/endpoint-slices/latest-lines.ts'
import { LineSplitter } from '../../../../services/echo/src/balancing/endpoint-slices/line-splitter.ts'

/** The lines of a chunk, as texts. */
function push(splitter: LineSplitter, chunk: string | Buffer): string[] {
  const lines: string[] = []
  splitter.push(Buffer.from(chunk), (line) => lines.push(String(line)))
  return lines
}

it('cuts any text into its lines, however it is divided into chunks', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀', '\n', ' ') })
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 5 })), (whole, sizes) => {
      const splitter = new LineSplitter(1000)
      const bytes = Buffer.from(whole)
      const lines: string[] = []
      for (let at = 0, chunk = 0; at < bytes.length; chunk++) {
        const size = sizes[chunk % sizes.length] ?? bytes.length
        lines.push(...push(splitter, bytes.subarray(at, at + size)))
        at += size
      }
      // What comes after the last end is no line yet.
      expect(lines).toEqual(whole.split('\n').slice(0, -1))
    }),
    { seed: 20_261_122 },
  )
})

it('takes a line of just the limit, and refuses one that is longer before it has ended', () => {
  const splitter = new LineSplitter(10)
  expect(push(splitter, '0123456789\n')).toEqual(['0123456789'])
  push(splitter, '01234')
  expect(push(splitter, '56789\nab')).toEqual(['0123456789'])
  expect(() => push(splitter, 'cdefghijk')).toThrow('a line is longer than 10 bytes')
  expect(() => push(new LineSplitter(10), '0123456789a\n')).toThrow('a line is longer than 10 bytes')
})

it('gives several lines of one chunk, the first of which began in an earlier one', () => {
  const splitter = new LineSplitter(100)
  expect(push(splitter, 'ab')).toEqual([])
  expect(push(splitter, 'c\nde\n\nf')).toEqual(['abc', 'de', ''])
  expect(push(splitter, 'g\n')).toEqual(['fg'])
})

const event = (name: string, rest: string, namespace = 'shop') =>
  Buffer.from(
    `{"type":"MODIFIED","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"${name}","generateName":"o-","namespace":"${namespace}","x":"${rest}"}}}`,
  )

it('keeps the last of the lines of one object in the last place, and every line that begins in another way', () => {
  const lines = new LatestLines()
  const odd = Buffer.from('{"object":{}}')
  for (const line of [event('a', '1'), odd, event('b', '2'), event('a', '3'), odd, event('a', '4', 'other')])
    lines.add(line)
  expect(lines.bytes).toBe(2 * odd.length + 2 * event('a', '1').length + event('a', '1', 'other').length)
  expect(lines.take().map(String)).toEqual(
    [odd, event('b', '2'), event('a', '3'), odd, event('a', '4', 'other')].map(String),
  )
  expect([lines.empty, lines.bytes, lines.take()]).toEqual([true, 0, []])
})

it('keeps copies: neither the chunk a line came in nor a shorter line of the same object changes it', () => {
  const lines = new LatestLines()
  const chunk = event('a', 'long')
  const text = String(event('a', '1'))
  lines.add(chunk)
  chunk.fill('x')
  lines.add(Buffer.from(text))
  const other = event('b', '2')
  lines.add(other)
  other.fill('x')
  const taken = lines.take()
  lines.add(event('a', 'long'))
  expect([taken.map(String), lines.bytes]).toEqual([[text, String(event('b', '2'))], event('a', 'long').length])
})
