import { expect, it } from 'vitest'
import { clientLog } from '../../../services/echo/src/lookaside/client-log.ts'

function logged() {
  const said: string[] = []
  const counted: string[] = []
  return {
    said,
    counted,
    log: clientLog(
      (line) => said.push(line),
      (type) => counted.push(type),
    ),
  }
}

const refusal = { client: 'a', type: 'cds', version: '1', reason: 'no such policy' } as const

it('says each reason of each client once, and counts all', () => {
  const { said, counted, log } = logged()
  log.refused(refusal)
  log.refused({ ...refusal, version: '2' })
  log.refused({ ...refusal, client: 'b' })
  log.refused({ ...refusal, reason: 'another' })
  expect(said).toEqual([
    'a refuses cds version 1, and goes on with what it had: no such policy',
    'b refuses cds version 1, and goes on with what it had: no such policy',
    'a refuses cds version 1, and goes on with what it had: another',
  ])
  expect(counted).toHaveLength(4)
})

it('keeps what clients write on one line, without what obeys them, and of some length', () => {
  const { said, log } = logged()
  log.refused({ ...refusal, reason: `first\nsecond \u001b[31mred ${'x'.repeat(5000)}` })
  log.unknownType('a', 'type\nurl')
  expect(said[0]).toContain('first second \u241b[31mred xxx')
  expect(said[0]?.length).toBeLessThan(1010)
  expect(said[1]).toBe('a asks for type url, which is not served here')
  log.unserved('a', 'carts\n.shop:80')
  expect(said[2]).toMatch(/^a asks for xds:\/\/\/carts \.shop:80, which is not served: name it/)
})

it('forgets what it said long ago, so that its memory has a bound', () => {
  const { said, log } = logged()
  for (let i = 0; i < 1500; i++) log.unknownType('a', `type-${i}`)
  log.unknownType('a', 'type-1400')
  expect(said).toHaveLength(1500)
  log.unknownType('a', 'type-0')
  expect(said).toHaveLength(1501)
})
