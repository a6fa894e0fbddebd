import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EchoProcess, startEcho } from '../../scripts/lab/echo-process.ts'
import { executablePath, openBrowser } from '../support/chromium.ts'
import { runNode } from '../support/echo-command.ts'
import { openPage } from './browser.ts'

const cli = new URL('../../bin/evenly.js', import.meta.url).pathname
// A busy machine starts a lab in minutes.
const patient = { timeout: 120_000 }
const limit = 300_000

describe.skipIf(executablePath === undefined)('the buttons of the live page', () => {
  let browser: Browser
  const stops: (() => unknown)[] = []
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  const echo = async (...args: string[]): Promise<EchoProcess> => {
    const started = await startEcho([...args, '--admin-listen', '127.0.0.1:0'], { POD_NAME: 'pod-1' })
    stops.push(() => started.stop())
    return started
  }
  const said = (tab: Page, text: RegExp) => tab.locator('.said').filter({ hasText: text }).waitFor(patient)
  const press = (tab: Page, name: string | RegExp) => tab.getByRole('button', { name }).click()

  it(
    'change the real lab: another pod, another policy, one pod less, and the bars follow',
    async () => {
      const demo = runNode([
        cli,
        'demo',
        '--scenario',
        'headless-pick-first',
        '--requests',
        '20',
        '--listen',
        '127.0.0.1:0',
      ])
      stops.push(async () => {
        demo.kill('SIGINT')
        await demo.ended
      })
      const watch = () => /The clients go on: watch them at (http:\S+)/.exec(demo.output())?.[1]
      await expect.poll(watch, patient).toBeDefined()
      const url = watch() as string
      const { tab, complaints } = await openPage(browser, url)
      const names = () => tab.locator('.bars tbody th').allTextContents()
      await tab.locator('.headline', { hasText: '1 of 3 pods serves everything' }).waitFor(patient)
      await press(tab, 'Scale up')
      await said(tab, /has 4 pods now: pod-4 joined/)
      await expect.poll(names, patient).toEqual(['pod-1', 'pod-2', 'pod-3', 'pod-4'])
      await tab.locator('.headline', { hasText: '1 of 4 pods serves everything' }).waitFor(patient)
      await tab.getByLabel('Policy').selectOption('round_robin')
      await press(tab, 'Switch policy')
      await said(tab, /started anew, with round_robin/)
      await tab.locator('.policy', { hasText: 'policy round_robin' }).waitFor(patient)
      await expect.poll(() => tab.locator('tr.idle').count(), patient).toBe(0)
      await tab.getByLabel('Pod', { exact: true }).selectOption('pod-2')
      await press(tab, 'Kill')
      await said(tab, /pod-2 was killed/)
      await expect
        .poll(() => tab.getByLabel('Pod', { exact: true }).locator('option').allTextContents(), patient)
        .toEqual(['pod-1', 'pod-3', 'pod-4'])
      await tab.getByLabel('Pod', { exact: true }).selectOption('pod-3')
      await press(tab, 'Make slow')
      await said(tab, /pod-3 waits 500 ms/)
      await press(tab, 'Fast again')
      await said(tab, /pod-3 answers at once again/)
      for (let pods = 3; pods > 1; pods--) {
        await press(tab, 'Scale down')
        await said(tab, new RegExp(`has ${pods - 1} pods? now`))
      }
      expect(await tab.getByRole('button', { name: 'Scale down' }).isDisabled()).toBe(true)
      expect(complaints).toEqual([])
    },
    limit,
  )

  it(
    'let a real client make calls, which its page shows, and tell their verdict',
    async () => {
      const server = await echo('-s', '--listen', '127.0.0.1:0')
      const address = /serves gRPC on (\S+),/.exec(server.output())?.[1] as string
      const client = await echo('-h', address, '--rps', '1', '--quiet', '--page-controls')
      const { tab, complaints } = await openPage(browser, client.admin)
      await press(tab, 'Run 1,000 calls')
      await said(tab, /^1,000 calls: pinned\. All 1000 calls went to pod-1/)
      const calls = async () => Number((await tab.locator('.bars .calls').first().textContent())?.replace(',', ''))
      await expect.poll(calls, patient).toBeGreaterThanOrEqual(1000)
      await tab.getByRole('spinbutton', { name: 'Calls' }).fill('0')
      await press(tab, /^Run/)
      await said(tab, /^Choose a whole number of calls from 1 to 10,000\.$/)
      await tab.getByRole('spinbutton', { name: 'Calls' }).fill('25')
      await press(tab, 'Run 25 calls')
      await said(tab, /^25 calls: /)
      expect(complaints).toEqual([])
    },
    limit,
  )

  it(
    'call a real server from the browser, and say honestly what that shows',
    async () => {
      const server = await echo('-s', '--listen', '127.0.0.1:0', '--grpc-web')
      const { tab, complaints } = await openPage(browser, server.admin)
      await press(tab, 'Call from the browser')
      await said(tab, /^pod-1 answered\.$/)
      await tab.getByText(/always the same one, unless a gateway/).waitFor()
      await tab.locator('.bars th', { hasText: 'browser' }).waitFor(patient)
      expect(complaints).toEqual([])
    },
    limit,
  )

  it(
    'are not there where the server offers none',
    async () => {
      const server = await echo('-s', '--listen', '127.0.0.1:0')
      const { tab, complaints } = await openPage(browser, server.admin)
      await tab.locator('article').waitFor()
      expect(await tab.getByRole('button').count()).toBe(0)
      expect(complaints).toEqual([])
    },
    limit,
  )
})
