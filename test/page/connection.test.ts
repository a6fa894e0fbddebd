import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewerLimits } from '../../services/echo/src/live/viewers.ts'
import { executablePath, openBrowser } from '../support/chromium.ts'
import { openPage } from './browser.ts'
import { clientShown, startShownPage } from './shown-page.ts'

const even = () => clientShown({ 'pod-1': 100, 'pod-2': 100 })

describe.skipIf(executablePath === undefined)('the connection of the live page', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('is said to be lost when it is, dims what is old, and comes back by itself', async () => {
    const server = await startShownPage(even)
    const { tab } = await openPage(browser, server.url)
    expect(await tab.locator('body').getAttribute('class')).toBe('live')
    await server.close()
    await tab
      .getByRole('status')
      .filter({ hasText: /^Connection lost at .*: what is shown is old\. Trying again…$/ })
      .waitFor()
    expect(await tab.locator('body').getAttribute('class')).toBe('stale')
    expect(await tab.evaluate("getComputedStyle(document.querySelector('.bar')).opacity")).toBe('0.4')
    expect(await tab.locator('.share').nth(1).textContent()).toBe('50.0 %')
    const back = await startShownPage(() => clientShown({ 'pod-1': 300, 'pod-2': 0 }), { port: server.port })
    await tab.locator('#state', { hasText: 'Live' }).waitFor()
    await tab.locator('.share', { hasText: '100.0 %' }).waitFor()
    expect(await tab.locator('body').getAttribute('class')).toBe('live')
    await back.close()
  })

  it('is said to be lost when updates stop though the connection stands', async () => {
    let answers = true
    const server = await startShownPage(() => {
      if (!answers) throw new Error('cannot be read')
      return even()
    })
    const { tab, complaints } = await openPage(browser, server.url)
    answers = false
    await tab.locator('#state', { hasText: 'Connection lost' }).waitFor()
    answers = true
    await tab.locator('#state', { hasText: 'Live' }).waitFor()
    expect(complaints).toEqual([])
    await server.close()
  })

  it('says why one viewer more is refused, and is let in when another leaves', async () => {
    const server = await startShownPage(even, { limits: { ...viewerLimits, maximumViewers: 1 } })
    const first = await openPage(browser, server.url)
    const tab = await browser.newPage()
    await tab.goto(server.url)
    const sentence = '1 viewers watch this already, as many as may: close one of them. Trying again…'
    await tab.locator('#state', { hasText: sentence }).waitFor()
    await first.tab.close()
    await tab.locator('#state', { hasText: 'Live' }).waitFor()
    await server.close()
  })

  it('tells of one client that falls silent while the others go on', async () => {
    const [one, two] = [even(), even()].map((shown, index) => ({ ...shown, scenario: `scenario-${index}` }))
    let all = [one, two]
    const server = await startShownPage(() => all)
    const { tab } = await openPage(browser, server.url)
    all = [two]
    await tab.getByText('No news of this client: what is shown is old').waitFor()
    expect(await tab.locator('article').evaluateAll((cards) => cards.map((card) => card.className))).toEqual([
      'card stale',
      'card',
    ])
    all = [one, two]
    await expect.poll(() => tab.locator('article.stale').count(), { timeout: 20_000 }).toBe(0)
    await server.close()
  })

  it('asks nothing while the page is hidden', async () => {
    let reads = 0
    const server = await startShownPage(() => {
      reads++
      return even()
    })
    const { tab } = await openPage(browser, server.url)
    const hide = (hidden: boolean) =>
      tab.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))`)
    await hide(true)
    await expect
      .poll(
        async () => {
          const before = reads
          await sleep(1000)
          return reads - before
        },
        { timeout: 20_000 },
      )
      .toBe(0)
    await hide(false)
    const before = reads
    await expect.poll(() => reads, { timeout: 20_000 }).toBeGreaterThan(before)
    await server.close()
  })
})
