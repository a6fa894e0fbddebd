import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { endCommands, runNode } from '../support/echo-command.ts'

const cli = fileURLToPath(new URL('../../bin/evenly.js', import.meta.url))
const patient = { timeout: 60_000, interval: 100 }

afterEach(endCommands)

describe('the controls of evenly demo', { timeout: 180_000 }, () => {
  it.each([
    ['an address for each pod', []],
    ['one address', ['--single-address']],
  ])('change what runs on a machine with %s, and leave nothing behind', async (_, options) => {
    const demo = start('--scenario', 'headless-round-robin', '--requests', '20', '--servers', '2', ...options)
    const [, url = ''] = await demo.printed(/The clients go on: watch them at (http:\S+)/)
    const processes = demo.living().length
    expect(await press(url, { action: 'scale', pods: 4 })).toEqual({
      done: 'headless-round-robin has 4 pods now: pod-3, pod-4 joined.',
    })
    expect(await press(url, { action: 'kill', pod: 'pod-1' })).toEqual({
      done: 'pod-1 was killed, and headless-round-robin has 3 pods left.',
    })
    if (process.platform === 'linux') expect(demo.living().length).toBe(processes + 1)
    const policy = 'pick_first'
    await press(url, { action: 'policy', policy })
    await vi.waitFor(
      async () => expect(await shown(url)).toMatchObject([{ pods: ['pod-2', 'pod-3', 'pod-4'], policy }]),
      patient,
    )
    demo.kill('SIGINT')
    await demo.ended
    if (process.platform === 'linux') expect(demo.living()).toEqual([])
  })

  it('leave nothing behind when it ends while one is at work', async () => {
    const demo = start('--scenario', 'cluster-ip', '--requests', '20', '--servers', '2')
    const [, url = ''] = await demo.printed(/The clients go on: watch them at (http:\S+)/)
    const before = demo.living().length
    const scaling = press(url, { action: 'scale', pods: 9 }).catch(() => undefined)
    if (process.platform === 'linux') {
      await vi.waitFor(() => expect(demo.living().length).toBeGreaterThan(before), patient)
    }
    demo.kill('SIGINT')
    await demo.ended
    await scaling
    if (process.platform === 'linux') expect(demo.living()).toEqual([])
  })
})

/** Starts `evenly demo ARGS`; its processes carry a mark in their environment. */
function start(...args: string[]) {
  const mark = randomUUID()
  const running = runNode([cli, 'demo', ...args], { EVENLY_TEST_MARK: mark })
  const living = () => readdirSync('/proc').filter((id) => /^\d+$/.test(id) && environmentOf(id).includes(mark))
  return { ...running, living: () => (process.platform === 'linux' ? living() : []) }
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8')
  } catch {
    return ''
  }
}

async function press(url: string, action: object): Promise<object> {
  const { scenarios } = (await (await fetch(`${url}/controls`)).json()) as { scenarios: { name: string }[] }
  const body = JSON.stringify({ scenario: scenarios[0]?.name, ...action })
  const response = await fetch(`${url}/controls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return (await response.json()) as object
}

const shown = async (url: string): Promise<object[]> => (await (await fetch(`${url}/distribution`)).json()) as object[]
