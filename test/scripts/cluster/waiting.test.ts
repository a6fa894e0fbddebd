import { describe, expect, it, vi } from 'vitest'
import { Waiting } from '../../../scripts/cluster/waiting.ts'
import { interrupted, unavailable } from '../../../scripts/lib/exit.ts'

const never = () => undefined

describe('Waiting', () => {
  it('has everybody look whenever something happens, until they have found it', async () => {
    const waiting = new Waiting(new AbortController().signal)
    let happened = 0
    const looks = [vi.fn(() => happened >= 1 && 'one'), vi.fn(() => happened >= 2 && 'two')]
    const found = looks.map((look) => waiting.until('that many', 60, look))
    for (happened = 1; happened <= 4; happened++) waiting.look()
    expect(await Promise.all(found)).toEqual(['one', 'two'])
    expect(looks.map(({ mock }) => mock.calls.length)).toEqual([2, 3])
  })

  it('says after the limit what was awaited, and what there is where that is known', async () => {
    const { signal } = new AbortController()
    await expect(new Waiting(signal).until('calls', 0.01, never)).rejects.toThrow(
      unavailable('waited for calls: not within 0.01 s'),
    )
    await expect(new Waiting(signal, { state: () => ', 3 of 5' }).until('calls', 0.01, never)).rejects.toThrow(
      unavailable('waited for calls: not within 0.01 s, 3 of 5'),
    )
  })

  it('gives up when all is over, unless it has been found', async () => {
    let over = ''
    const waiting = new Waiting(new AbortController().signal, { whyOver: () => over })
    const found = waiting.until('calls', 60, () => over !== '' && 'the last')
    const waited = waiting.until('calls', 60, never).catch((error) => error)
    over = 'the client ended'
    waiting.look()
    expect(await found).toBe('the last')
    expect(await waited).toEqual(unavailable('waited for calls: the client ended'))
  })

  it('rejects with what a look throws, whatever brought it about', async () => {
    const waiting = new Waiting(new AbortController().signal)
    const sentence = unavailable('pod x cannot start')
    let happened = false
    const waited = waiting.until('calls', 60, () => {
      if (happened) throw sentence
    })
    happened = true
    waiting.look()
    await expect(waited).rejects.toBe(sentence)
  })

  it('rejects with what the signal was aborted with, and has let go of it afterwards', async () => {
    const stop = new AbortController()
    const ended = interrupted('ended by SIGINT')
    const waiting = new Waiting(stop.signal)
    const look = vi.fn(never)
    const added = vi.spyOn(stop.signal, 'addEventListener')
    const removed = vi.spyOn(stop.signal, 'removeEventListener')
    const waited = waiting.until('calls', 60, look).catch((error) => error)
    stop.abort(ended)
    expect(await waited).toBe(ended)
    expect(removed.mock.calls).toEqual(added.mock.calls)
    waiting.look()
    expect(look).toHaveBeenCalledTimes(2)
  })
})
