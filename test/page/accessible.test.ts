import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, openBrowser } from '../support/chromium.ts'
import { accessibilityFaults, openPage, overflows, phone, wide } from './browser.ts'
import { offeredEverything } from './fake-controls.ts'
import { clientShown, type ShownPage, serverShown, slowShown, startShownPage } from './shown-page.ts'

const pods = ['pod-1', 'pod-2', 'pod-3']
const connections = { total: 1, ready: 1, listed: [{ peer: '10.0.0.1:8080', state: 'READY', ageSeconds: 5 }] }
const failing = {
  1: { requests: 301, failed: 1, counts: { 'pod-1': 300 }, errors: { UNAVAILABLE: 1 } },
  5: { requests: 301, failed: 1, counts: { 'pod-1': 300 }, errors: { UNAVAILABLE: 1 } },
  15: { requests: 301, failed: 1, counts: { 'pod-1': 300 }, errors: { UNAVAILABLE: 1 } },
}
const lab = [
  clientShown({ 'pod-1': 300 }, { scenario: 'cluster-ip', pods, connections, lastMinutes: failing }),
  clientShown({ 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 }, { scenario: 'headless', pods, policy: 'round_robin' }),
  clientShown({ 'pod-1': 2, 'pod-2': 1 }, { scenario: 'waiting', window: null }),
  slowShown({ 'pod-1': 10, 'pod-2': 100 }, 'pod-1', { scenario: 'with a slow pod' }),
]

describe.skipIf(executablePath === undefined)('the live page, for everybody', () => {
  let browser: Browser
  let server: ShownPage
  beforeAll(async () => {
    browser = await openBrowser()
    server = await startShownPage(() => lab, { more: offeredEverything })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  it.each(
    (['light', 'dark'] as const).flatMap((colorScheme) => [
      { colorScheme, viewport: wide },
      { colorScheme, viewport: phone },
    ]),
  )('has no fault that axe finds: $colorScheme, $viewport.width px', async (options) => {
    const { tab, complaints } = await openPage(browser, server.url, options)
    await tab.getByRole('button', { name: 'Scale up' }).first().waitFor()
    await tab.locator('summary').first().click()
    expect(await accessibilityFaults(tab)).toEqual([])
    expect(await overflows(tab)).toBe(false)
    expect(complaints).toEqual([])
    await tab.evaluate(`document.body.className = 'stale'`)
    expect(await accessibilityFaults(tab)).toEqual([])
    await tab.close()
  })

  it('has none for a server either', async () => {
    const one = await startShownPage(() => serverShown({ 'client-1': 10, 'client-2': 10 }), { more: offeredEverything })
    const { tab } = await openPage(browser, one.url)
    await tab.getByRole('button', { name: 'Call from the browser' }).waitFor()
    expect(await accessibilityFaults(tab)).toEqual([])
    await one.close()
  })

  it('can be used by keyboard alone, with the focus to be seen', async () => {
    const { tab } = await openPage(browser, server.url)
    await tab.getByRole('button', { name: 'Scale up' }).first().waitFor()
    const reached: string[] = []
    for (let step = 0; step < 15; step++) {
      await tab.keyboard.press('Tab')
      const focused = (await tab.evaluate(`(() => {
        const { activeElement: at } = document
        return { name: at.getAttribute('aria-label') ?? at.labels?.[0]?.firstChild.textContent.trim() ?? at.textContent,
          outline: getComputedStyle(at).outlineStyle }
      })()`)) as { name: string; outline: string }
      expect(focused.outline).toBe('solid')
      reached.push(focused.name)
    }
    const start = [
      'Bars show the',
      'Clients × servers',
      'cluster-ip',
      'headless',
      'waiting',
      'with a slow pod',
      'Calls per pod',
    ]
    expect(reached.slice(0, 8)).toEqual([...start, '1 connection open, the oldest for 5 s'])
    expect(reached.slice(8)).toEqual(['Scale down', 'Scale up', 'Pod', 'Kill', 'Make slow', 'Fast again', 'Policy'])
    await tab.getByRole('button', { name: 'Scale up' }).first().focus()
    await tab.keyboard.press('Enter')
    await tab.getByRole('status').filter({ hasText: 'cluster-ip: scale' }).waitFor()
    await expect.poll(() => tab.evaluate('document.activeElement.textContent'), { timeout: 20_000 }).toBe('Scale up')
    await tab.close()
  })

  it('has controls large enough for a finger', async () => {
    const { tab } = await openPage(browser, server.url, { viewport: phone, hasTouch: true })
    await tab.getByRole('button', { name: 'Scale up' }).first().waitFor()
    for (const control of await tab.locator('button, select, input, summary').all()) {
      const box = await control.boundingBox()
      expect(box?.height ?? 44).toBeGreaterThanOrEqual(44)
    }
    await tab.getByRole('button', { name: 'Kill' }).first().tap()
    await tab.getByRole('status').filter({ hasText: 'cluster-ip: kill' }).waitFor()
    await tab.close()
  })

  it('moves nothing for those who ask for less motion', async () => {
    const duration = async (reducedMotion: 'reduce' | 'no-preference') => {
      const { tab } = await openPage(browser, server.url, { reducedMotion })
      return tab.evaluate("getComputedStyle(document.querySelector('.bar')).transitionDuration")
    }
    expect(await duration('reduce')).toBe('0s')
    expect(await duration('no-preference')).toBe('0.3s')
  })

  it('announces a verdict when it changes, and nothing else of what moves', async () => {
    let counts: Record<string, number> = { 'pod-1': 300 }
    let call = 0
    const one = await startShownPage(() => {
      call++
      return clientShown({ ...counts, 'pod-9': counts['pod-9'] ?? call })
    })
    const { tab } = await openPage(browser, one.url)
    await tab.evaluate(`window.said = []
      for (const live of document.querySelectorAll('[aria-live], [role=status]')) {
        new MutationObserver(() => window.said.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true })
      }`)
    const before = call
    await expect.poll(() => call, { timeout: 20_000 }).toBeGreaterThan(before + 5)
    expect(await tab.evaluate('window.said')).toEqual([])
    counts = { 'pod-1': 150, 'pod-9': 150 }
    await tab.locator('article .verdict', { hasText: 'even' }).waitFor()
    expect(await tab.evaluate('window.said')).toEqual(['even'])
    await one.close()
  })
})
