import { describe, expect, it } from 'vitest'
import { resolvedAddresses } from '../../services/echo/src/resolved-addresses.ts'

const never = new AbortController().signal

describe('the addresses a target resolves to', () => {
  it.each([
    ['127.0.0.1:8080', ['127.0.0.1:8080']],
    ['dns:///127.0.0.1:8080', ['127.0.0.1:8080']],
    ['ipv4:10.0.0.7:80,10.0.0.8:81', ['10.0.0.7:80', '10.0.0.8:81']],
    ['ipv6:[fd00::7]:80,[fd00::8]:80', ['[fd00::7]:80', '[fd00::8]:80']],
    ['unix:/run/server.sock', ['/run/server.sock']],
    ['unix:///run/server.sock', ['/run/server.sock']],
  ])('of %s are %j', async (target, addresses) => {
    expect(await resolvedAddresses(target, never)).toEqual(addresses)
  })

  it.each(['localhost:8080', 'dns:localhost:8080'])('of %s come from the system', async (target) => {
    expect(await resolvedAddresses(target, never)).toContain('127.0.0.1:8080')
  })

  it('are none when the look-up fails or is called off', async () => {
    expect(await resolvedAddresses('no-such-host.invalid:80', never)).toEqual([])
    expect(await resolvedAddresses('ipv4:10.0.0.7:80', AbortSignal.abort())).toEqual([])
    const stop = new AbortController()
    const addresses = resolvedAddresses('localhost:8080', stop.signal)
    stop.abort()
    expect(await addresses).toEqual([])
  })
})
