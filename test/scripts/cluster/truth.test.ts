import { describe, expect, it } from 'vitest'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { Setup } from '../../../scripts/cluster/setup.ts'
import { agreementOf, truthOf } from '../../../scripts/cluster/truth.ts'
import { unavailable } from '../../../scripts/lib/exit.ts'
import type { Report } from '../../../services/echo/src/report.ts'

const client = { a: 100, b: 99, c: 0 }

describe('agreementOf', () => {
  it.each([
    ['clients and servers', client, null, 'The clients and the servers'],
    ['clients and Envoy', null, client, 'The clients and Envoy'],
    ['all three', client, client, 'The clients, the servers and Envoy'],
  ])('holds when %s count the same', (_, server, proxy, parties) => {
    expect(agreementOf({ client, server, proxy }, 0)).toEqual({
      agrees: true,
      explanation: `${parties} count the same 199 answered calls, pod by pod.`,
    })
    expect(agreementOf({ client, server, proxy }, 3)).toEqual({
      agrees: true,
      explanation: `${parties} count the same 199 answered calls, pod by pod; 3 calls that failed reached no pod.`,
    })
  })

  it('has nothing against what nobody else has counted', () => {
    expect(agreementOf({ client, server: null, proxy: null }, 0)).toEqual({
      agrees: true,
      explanation: "The servers' counters could not be read: nothing to compare with.",
    })
  })

  it('takes a pod that only one party knows for one without a call', () => {
    expect(agreementOf({ client: { a: 1 }, server: { a: 1, b: 0 }, proxy: { a: 1 } }, 0).agrees).toBe(true)
    expect(agreementOf({ client: { a: 1, b: 1 }, server: { a: 1 }, proxy: null }, 0)).toEqual({
      agrees: false,
      explanation: 'The servers counted 0 calls of b where the clients counted 1, and nothing explains it.',
    })
    expect(agreementOf({ client: { a: 1 }, server: { a: 1, b: 2 }, proxy: null }, 0)).toEqual({
      agrees: false,
      explanation: 'The servers counted 2 calls of b where the clients counted 0, and nothing explains it.',
    })
  })

  it.each([
    ['more, though no call failed', { a: 101, b: 99, c: 0 }, 0],
    ['fewer, though calls failed', { a: 99, b: 99, c: 0 }, 5],
    ['more of one pod and fewer of another', { a: 101, b: 98, c: 0 }, 5],
    ['more than two attempts of each failed call', { a: 100, b: 99, c: 11 }, 5],
  ])('does not hold when another counts %s', (_, server, failed) => {
    expect(agreementOf({ client, server, proxy: null }, failed)).toMatchObject({
      agrees: false,
      explanation: expect.stringMatching(
        /^The servers counted \d+ calls of [abc] where the clients counted \d+, and nothing explains it\.$/,
      ),
    })
  })

  it('holds when what others count more is no more than two attempts of each failed call', () => {
    expect(agreementOf({ client, server: { a: 100, b: 99, c: 10 }, proxy: null }, 5)).toEqual({
      agrees: true,
      explanation:
        'The servers counted 10 calls of c where the clients counted 0: attempts of the 5 calls that failed.',
    })
  })

  it('tells of the party that is off', () => {
    expect(agreementOf({ client, server: client, proxy: { ...client, c: 2 } }, 0)).toEqual({
      agrees: false,
      explanation: 'Envoy counted 2 calls of c where the clients counted 0, and nothing explains it.',
    })
  })
})

describe('truthOf', () => {
  /** Servers whose own counters cannot be reached. */
  function setupOf(...names: readonly string[]): Setup {
    const cluster = Object.assign(new Cluster(), { start: () => Promise.reject(unavailable('no way there')) })
    const servers = names.map((name, index) => ({ name, ip: `10.0.0.${index + 1}` }))
    return { settings: { cluster }, namespace: { cluster, name: 'x' }, servers: () => servers } as unknown as Setup
  }
  const told = (calls: number) => ({ calls, connections: 1 })
  const report = (...addresses: readonly string[]) =>
    ({
      failed: 0,
      proxy: { endpoints: Object.fromEntries(addresses.map((at, i) => [at, told(10 * (i + 1))])) },
    }) as unknown as Report

  it("tells what the clients' proxies counted of every pod there is, by its name", async () => {
    const reports = [report('10.0.0.1:50051', '10.0.0.9:50051'), report('10.0.0.1:50051')]
    expect(await truthOf(setupOf('a', 'b'), { a: 20, b: 0 }, reports)).toMatchObject({
      server: null,
      proxy: { a: 20, b: 0, '10.0.0.9:50051': 20 },
      proxyConnections: { a: 2, b: 0, '10.0.0.9:50051': 1 },
      agrees: false,
    })
  })

  it('takes what more the others counted for attempts of the calls that failed, of all clients', async () => {
    const failing = { ...report('10.0.0.1:50051'), failed: 1 }
    expect(await truthOf(setupOf('a'), { a: 6 }, [failing, { failed: 1 } as Report])).toMatchObject({ agrees: true })
    expect(await truthOf(setupOf('a'), { a: 5 }, [failing, { failed: 1 } as Report])).toMatchObject({ agrees: false })
  })

  it('has nothing to compare with where there is no proxy either', async () => {
    const truth = await truthOf(setupOf('a'), { a: 1 }, [{ failed: 0 } as Report])
    expect(truth).toMatchObject({ proxy: null, proxyConnections: null, agrees: true })
  })
})
