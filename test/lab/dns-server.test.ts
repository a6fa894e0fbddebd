import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { decode, encode, type Packet } from 'dns-packet'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DnsServer, startDnsServer } from '../../scripts/lab/dns-server.ts'

const pods = ['10.0.0.7', '10.0.0.8', '10.0.0.9']

let dns: DnsServer
let resolver: Resolver
let socket: Socket
beforeEach(async () => {
  dns = await startDnsServer('127.0.0.1')
  dns.setAddresses('pods.lab', pods)
  resolver = new Resolver({ timeout: 5000, tries: 1 })
  resolver.setServers([dns.address])
  socket = createSocket('udp4')
})
afterEach(() => {
  resolver.cancel()
  dns.close()
  socket.close()
})

describe('the DNS server of the lab', () => {
  it('answers a name with all of its addresses, in their order, to be kept for no time', async () => {
    expect(await resolver.resolve4('pods.lab', { ttl: true })).toEqual(pods.map((address) => ({ address, ttl: 0 })))
  })

  it('does not mind capitals, and answers in the spelling of the question', async () => {
    expect(await resolver.resolve4('Pods.LAB')).toEqual(pods)
    expect(await ask('Pods.LAB', 'A')).toMatchObject({ answers: [{ name: 'Pods.LAB' }, {}, {}] })
  })

  it('answers with what was set last, and knows a name no more once it has no address', async () => {
    dns.setAddresses('pods.lab', ['10.0.0.9', '10.0.0.10'])
    expect(await resolver.resolve4('pods.lab')).toEqual(['10.0.0.9', '10.0.0.10'])
    dns.setAddresses('pods.lab', [])
    await expect(resolver.resolve4('pods.lab')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  it('does not know other names', async () => {
    await expect(resolver.resolve4('other.lab')).rejects.toMatchObject({ code: 'ENOTFOUND' })
    expect(await ask('other.lab', 'A')).toMatchObject({ rcode: 'NXDOMAIN', flag_aa: true, answers: [] })
  })

  it.each(['AAAA', 'TXT', 'SRV'] as const)('knows the name but no %s record of it', async (type) => {
    expect(await ask('pods.lab', type)).toMatchObject({ rcode: 'NOERROR', answers: [] })
    await expect(resolver.resolve('pods.lab', type)).rejects.toMatchObject({ code: 'ENODATA' })
  })

  it('ignores what is no question, whatever its bytes, and goes on', async () => {
    const question = encode({ type: 'query', id: 1, questions: [{ type: 'A', name: 'pods.lab' }] })
    const change = fc.tuple(fc.nat(question.length - 1), fc.nat(255))
    const spoilt = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
      const bytes = Buffer.from(question)
      for (const [index, byte] of changes) bytes[index] = byte
      return bytes
    })
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array)),
      spoilt,
    )
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 20, maxLength: 20 }), async (packets) => {
        for (const packet of packets) socket.send(packet, ...where())
        expect(await resolver.resolve4('pods.lab')).toEqual(pods)
      }),
      { seed: 20_261_121, numRuns: 60 },
    )
  })
})

const where = (): [number, string] => [Number(dns.address.split(':')[1]), '127.0.0.1']

async function ask(name: string, type: 'A' | 'AAAA' | 'TXT' | 'SRV'): Promise<Packet> {
  const id = 4711
  socket.send(encode({ type: 'query', id, questions: [{ type, name }] }), ...where())
  const [message] = (await once(socket, 'message')) as [Buffer]
  const packet = decode(message)
  expect(packet).toMatchObject({ id, type: 'response', questions: [{ name, type }] })
  return packet
}
