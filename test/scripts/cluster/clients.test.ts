import { describe, expect, it, vi } from 'vitest'
import { Clients } from '../../../scripts/cluster/clients.ts'
import type { Scenario } from '../../../scripts/cluster/scenario.ts'
import { unavailable } from '../../../scripts/lib/exit.ts'
import { interval } from '../stopwatch/intervals.ts'
import { podNamed, StandInSetup } from './stand-in-setup.ts'

const client = (name: string, more = {}) => podNamed(name, { component: 'client', ...more })
const report = { type: 'report', requests: 3, failed: 0, counts: { a: 3 } }

/** Two clients that run, after another that ran before. */
async function running(scenario: Partial<Scenario> = {}, args: readonly string[] = []) {
  const standIn = new StandInSetup(scenario, [podNamed('a'), client('earlier')])
  standIn.installClients.mockImplementation(async () => {
    standIn.pods.push(client('one'), client('two'), client('other', { release: 'other' }))
    return 'echo'
  })
  const clients = await Clients.start(standIn.setup, { clients: 2, client: { requests: 3 }, args })
  return { standIn, clients }
}

describe('Clients.start', () => {
  it('has the scenario make so many clients, which tell what they see', async () => {
    const { standIn } = await running({ values: { client: { args: ['--keys=5'] } } }, ['--payload-bytes=1'])
    const telling = ['-o', 'jsonl', '--quiet', '--progress-seconds', '0.1']
    expect(standIn.installClients.mock.calls).toEqual([
      [{ requests: 3, replicaCount: 2 }, ['--keys=5', '--payload-bytes=1', ...telling]],
    ])
  })

  it('follows the clients that it has started, and no others', async () => {
    const { standIn, clients } = await running()
    expect(standIn.start.mock.calls.map(([args]) => args)).toEqual([
      ['-n', 'evenly-x', 'logs', '-f', 'one'],
      ['-n', 'evenly-x', 'logs', '-f', 'two'],
    ])
    expect(clients.pods().map(({ name }) => name)).toEqual(['one', 'two'])
  })

  const proxyOf = async (values: object, more: Partial<Scenario> = {}) => {
    const [, args = []] = (await running({ values, ...more })).standIn.installClients.mock.calls[0] ?? []
    return args.includes('--proxy-admin') ? args[args.indexOf('--proxy-admin') + 1] : 'none'
  }

  it.each([
    ['no proxy', { client: { enabled: true } }, 'none'],
    ['an Envoy of its own', { client: { envoySidecar: { enabled: true } } }, 'http://127.0.0.1:9901'],
    ['one on another port', { client: { envoySidecar: { enabled: true, adminPort: 1 } } }, 'http://127.0.0.1:1'],
    ['an Envoy that is switched off', { client: { envoySidecar: { enabled: false } } }, 'none'],
    ["Istio's", { istio: { enabled: true }, client: { enabled: true } }, 'http://127.0.0.1:15000'],
    [
      "none of Istio's, in ambient mode",
      { istio: { enabled: true, mode: 'ambient' }, client: { enabled: true } },
      'none',
    ],
    [
      "none of Istio's, which the servers alone have",
      { istio: { enabled: true, sidecar: { inject: ['server'] } }, client: { enabled: true } },
      'none',
    ],
  ])('asks %s of what it counted', async (_, values, address) => {
    expect(await proxyOf(values)).toBe(address)
  })

  it('asks no proxy outside the mesh, whatever the values of the servers say', async () => {
    const values = { istio: { enabled: true }, client: { enabled: true, envoySidecar: { enabled: true } } }
    expect(await proxyOf(values, { fromOutside: true })).toBe('none')
  })
})

describe('what clients tell', () => {
  it('is added up call by call over all of them, and kept interval by interval', async () => {
    const { standIn, clients } = await running()
    expect([clients.requests(), clients.intervals()]).toEqual([0, []])
    await standIn.log('one', interval(0, 250, { a: 3 }), 'prose', interval(250, 500, { a: 1, b: 1 }))
    await standIn.log('two', interval(0, 250, { a: 10 }))
    expect(clients.requests()).toBe(15)
    expect(clients.intervals().map(({ requests }) => requests)).toEqual([3, 2, 10])
  })

  it('is looked at at each line', async () => {
    const { standIn, clients } = await running()
    const look = vi.fn(() => clients.requests() >= 5 && 'enough')
    const enough = clients.until('5 calls', 60, look)
    await standIn.log('two', interval(0, 250, { a: 3 }))
    await standIn.log('one', interval(0, 250, { a: 3 }))
    expect(await enough).toBe('enough')
    await standIn.log('one', interval(250, 500, { a: 3 }))
    expect(look).toHaveBeenCalledTimes(3)
  })

  it('that is awaited in vain is named after the limit', async () => {
    const { clients } = await running()
    const waited = clients.until('5 calls', 0.01, () => undefined)
    await expect(waited).rejects.toThrow(unavailable('waited for 5 calls: not within 0.01 s'))
  })

  it('ends with a report of each', async () => {
    const { standIn, clients } = await running()
    const reports = clients.stop()
    await standIn.end('one', report)
    await standIn.end('two', { ...report, requests: 4 })
    expect((await reports).map(({ requests }) => requests)).toEqual([3, 4])
    const selector = 'app.kubernetes.io/instance=echo,app.kubernetes.io/component=client'
    expect(standIn.kubectl.mock.calls).toEqual([['delete', 'job', '-l', selector, '--wait=false']])
  })

  it('is read again where it broke off, and counted once', async () => {
    const { standIn, clients } = await running()
    const lines = [interval(0, 250, { a: 3 }), report]
    standIn.kubectl.mockResolvedValue(lines.map((line) => JSON.stringify(line)).join('\n'))
    await standIn.log('one', interval(0, 250, { a: 3 }))
    await standIn.end('one', 'half a li')
    await standIn.end('two', report)
    expect(await clients.reports()).toMatchObject([{ requests: 3 }, { requests: 3 }])
    expect(standIn.kubectl.mock.calls).toEqual([['logs', 'one']])
    expect(clients.requests()).toBe(3)
  })

  it('is told on when it is why they failed, unless calls are to fail', async () => {
    for (const failingPercent of [0, 50]) {
      const { standIn, clients } = await running({ failingPercent })
      await standIn.log('one', 'call 7 failed: UNAVAILABLE: no')
      await standIn.end('one', report)
      await standIn.end('two', 'echo: no server')
      await expect(clients.reports()).rejects.toThrow(
        unavailable(
          'client two ended without a report; it said: echo: no server: mend what that names, then try again',
        ),
      )
      const told = failingPercent === 0 ? [['one: call 7 failed: UNAVAILABLE: no']] : []
      expect(standIn.tell.mock.calls).toEqual(told)
    }
  })
})
