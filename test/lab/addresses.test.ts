import { once } from 'node:events'
import { createServer } from 'node:net'
import { platform } from 'node:os'
import { describe, expect, it } from 'vitest'
import { chooseAddresses } from '../../scripts/lab/addresses.ts'

const six = [0, 1, 2, 3, 4, 5]

describe('addresses of the lab', () => {
  it.skipIf(platform() !== 'linux')('differ by host and share a port, as pods do', async () => {
    const { server, clusterIp, dnsHost, ownAddresses } = await chooseAddresses(6)
    const split = six.map((index) => server(index).split(':'))
    expect(ownAddresses).toBe(true)
    expect(new Set([...split.map(([host]) => host), clusterIp.split(':')[0], dnsHost]).size).toBe(8)
    expect(new Set([...split.map(([, port]) => port), clusterIp.split(':')[1]]).size).toBe(1)
    for (const host of [...split.map(([host]) => host), dnsHost]) expect(host).toMatch(/^127\./)
  })

  it('differ by port where loopback has one address', async () => {
    const { server, clusterIp, dnsHost, ownAddresses } = await chooseAddresses(6, true)
    expect(ownAddresses).toBe(false)
    const all = [...six.map(server), clusterIp]
    expect(new Set(all).size).toBe(7)
    for (const address of all) expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(dnsHost).toBe('127.0.0.1')
  })

  it.each([false, true])('can be listened on, all at a time (single address: %s)', async (single) => {
    const { server, clusterIp } = await chooseAddresses(6, single)
    const listeners = [...six.map(server), clusterIp].map((address) => {
      const [host, port] = address.split(':')
      return createServer().listen(Number(port), host)
    })
    await Promise.all(listeners.map((listener) => once(listener, 'listening')))
    await Promise.all(listeners.map((listener) => new Promise((closed) => listener.close(closed))))
  })

  it('of two labs do not meet', async () => {
    const labs = await Promise.all(Array.from({ length: 10 }, () => chooseAddresses(3)))
    expect(new Set(labs.map(({ clusterIp }) => clusterIp)).size).toBe(10)
  })
})
