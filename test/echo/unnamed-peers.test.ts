import { describe, expect, it } from 'vitest'
import { judgeByAddress } from '../../services/echo/src/unnamed-peers.ts'

const one = '10.96.0.7:80'
const other = '10.96.0.8:80'
const six = '[fd00::7]:80'
const sixOther = '[fd00::8]:80'
const judging = { judgeAs: 'random' } as const

describe('the verdict on peers that go by their address', () => {
  it.each([
    ['one address', { [one]: 300 }, [one]],
    ['one address of a target whose look-up failed', { [one]: 300 }, []],
    ['the two addresses, one of each family, of what may be one server', { [one]: 150, [six]: 150 }, [one, six]],
    ['one address of a server that has one of each family', { [six]: 300 }, [one, six]],
    ['a socket', { 'unix:server.sock': 300 }, ['server.sock']],
    ['one address, however few the calls', { [one]: 1 }, [one]],
  ])('is none on %s', (_, counts, resolved) => {
    const { verdict, reason } = judgeByAddress(counts, judging, resolved)
    expect([verdict, reason]).toEqual([
      'insufficient',
      expect.stringContaining('no reply names its pod: dial the pods'),
    ])
  })

  it.each([
    ['one of two addresses', { [one]: 300 }, [one, other], 'pinned'],
    ['two addresses', { [one]: 150, [other]: 150 }, [one, other], 'even'],
    ['two addresses that were looked up one after another', { [one]: 150, [other]: 150 }, [one], 'even'],
    ['two addresses of IPv6', { [six]: 150, [sixOther]: 150 }, [six, sixOther], 'even'],
    ['one of two addresses of IPv6', { [six]: 300 }, [six, sixOther], 'pinned'],
    ['two addresses, unequal', { [one]: 250, [other]: 50 }, [one, other], 'skewed'],
    ['one address that is too few calls', { [one]: 3 }, [one, other], 'insufficient'],
    ['a pod that names itself', { 'pod-1': 300 }, [one], 'pinned'],
    ['a pod that names itself beside an address', { 'pod-1': 150, [one]: 150 }, [one], 'even'],
    ['a pod that names itself beside an address of IPv6', { 'pod-1': 150, [six]: 150 }, [six], 'even'],
    ['no calls', {}, [one], 'insufficient'],
  ])('is the usual one on %s', (_, counts, resolved, verdict) => {
    const judged = judgeByAddress(counts, judging, resolved)
    expect(judged.verdict).toBe(verdict)
    expect(judged.reason).not.toContain('no reply names its pod')
  })

  it('says all of the addresses, and one call as one', () => {
    const reason = (counts: Record<string, number>) => judgeByAddress(counts, judging, []).reason
    expect(reason({ [one]: 2, [six]: 1 })).toMatch(/^All 3 calls went to 10\.96\.0\.7:80 and \[fd00::7\]:80, which may/)
    expect(reason({ [one]: 1 })).toMatch(/^The only call went to 10\.96\.0\.7:80, which may/)
  })

  it('counts the addresses that got no call as peers, unless their number is given', () => {
    const peers = (given?: number) =>
      judgeByAddress({ [one]: 300 }, { ...judging, peers: given }, [one, other, six]).peers
    expect([peers(), peers(5), peers(1)]).toEqual([2, 5, 1])
  })
})
