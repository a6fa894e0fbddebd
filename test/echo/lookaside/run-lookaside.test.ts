import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { endCommands, type Running, runEcho } from '../../support/echo-command.ts'
import { FakeKubernetes } from '../../support/fake-kubernetes-api.ts'
import { AdsClient } from './ads-client.ts'
import { putSlice } from './slices.ts'
import { waitFor } from './wait-for.ts'

let fake: FakeKubernetes
let folder: string
let config: string
beforeAll(async () => {
  fake = await FakeKubernetes.start()
  putSlice(fake, 'orders', ['10.0.0.1'])
  folder = mkdtempSync(join(tmpdir(), 'evenly-lookaside-'))
  config = join(folder, 'lookaside.yaml')
  writeFileSync(config, 'services: {orders.shop:8080: }')
})
afterAll(async () => {
  await fake.close()
  rmSync(folder, { recursive: true })
})
afterEach(endCommands)

const listens = ['--xds-listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0']
const run = (...args: string[]): Running =>
  runEcho(['--lookaside', '--lookaside-config', config, '--kubernetes-api', fake.url, ...listens, ...args])
const addresses = async (running: Running) => {
  const [, xds = '', admin = ''] = await running.printed(/listening on (\S+) \(\w+\), admin on (\S+)/)
  return { xds, admin }
}

describe('echo --lookaside as a process', () => {
  it('serves clients, probes, metrics and its config, and ends by SIGTERM with 0 after it has sent clients elsewhere', async () => {
    const running = run()
    const { xds, admin } = await addresses(running)
    await waitFor(async () => (await fetch(`${admin}/readyz`)).ok, 'readiness')
    expect(await (await fetch(`${admin}/livez`)).text()).toBe('ok\n')
    const client = new AdsClient(xds, { id: 'checkout-1' })
    client.ask('eds', { names: ['orders.shop:8080'] })
    await client.next()
    expect(await (await fetch(`${admin}/metrics`)).text()).toContain('\nlookaside_xds_clients 1\n')
    const shown = (await (await fetch(`${admin}/config?zone=a`)).json()) as Record<string, object>
    expect(shown.clients).toEqual([{ id: 'checkout-1', zone: '' }])
    expect(Object.keys(shown.cds ?? {})).toEqual(['orders.shop:8080'])
    expect(JSON.stringify(shown.lds)).toContain('envoy.extensions.filters.http.router.v3.Router')
    expect((await fetch(`${admin}/config?zoen=a`)).status).toBe(400)
    running.kill('SIGTERM')
    await running.printed(/stops/)
    const notReady = await fetch(`${admin}/readyz`)
    expect([notReady.status, await notReady.text()]).toEqual([503, 'not ready: it stops\n'])
    const { code } = await running.ended
    expect(code).toBe(0)
    expect(client.status?.code).toBe(0)
    client.close()
  })

  it('is alive but not ready, and says why, while the API server is away', async () => {
    const running = runEcho([
      '--lookaside',
      '--lookaside-config',
      config,
      '--kubernetes-api',
      'http://127.0.0.1:9',
      ...listens,
    ])
    const { admin } = await addresses(running)
    const ready = async () => (await fetch(`${admin}/readyz`)).text()
    await waitFor(async () => (await ready()).includes('127.0.0.1:9'), 'the reason')
    expect((await fetch(`${admin}/livez`)).status).toBe(200)
    running.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })

  it.each([
    [['--lookaside-config', '/no/such.yaml'], 65, 'echo: --lookaside-config /no/such.yaml: '],
    [
      ['--tls-cert', 'tls.crt'],
      64,
      'echo: --tls-cert is the certificate and --tls-key its private key: give both or neither.',
    ],
    [['--xds-listen', '203.0.113.1:1'], 69, 'echo: --xds-listen 203.0.113.1:1: '],
    [['--admin-listen', '203.0.113.1:1'], 69, 'echo: --admin-listen 203.0.113.1:1: '],
  ])('ends at once with a sentence for %j', async (args, code, sentence) => {
    const ended = await run(...args).ended
    expect(ended.code).toBe(code)
    expect(ended.stderr.split('\n').filter((line) => line.startsWith('echo: '))).toEqual([
      expect.stringContaining(sentence),
    ])
  })

  it('ends with 69 outside of a cluster when it is told of no API server', async () => {
    const { code, stderr } = await runEcho(['--lookaside', '--lookaside-config', config, ...listens]).ended
    expect([code, stderr]).toEqual([69, expect.stringContaining('--kubernetes-api: this process runs in no cluster')])
  })
})
