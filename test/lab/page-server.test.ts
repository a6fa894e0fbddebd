import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EchoProcess } from '../../scripts/lab/echo-process.ts'
import { Lab } from '../../scripts/lab/lab.ts'
import { type PageServer, startPageServer } from '../../scripts/lab/page-server.ts'
import { executablePath, openBrowser } from '../support/chromium.ts'

const patient = { timeout: 30_000 }

describe.skipIf(executablePath === undefined)('the live page, in Chromium (skipped where there is none)', () => {
  let lab: Lab
  let page: PageServer
  let browser: Browser
  let spread: EchoProcess
  let fewest: EchoProcess

  beforeAll(async () => {
    lab = await Lab.open(2, true)
    page = await startPageServer('127.0.0.1:0')
    const pods = await Promise.all([lab.pod(0, 0), lab.pod(1, 0)])
    spread = await startClient(lab.fixedList(0, 2), 'round_robin')
    const pinned = await startClient(await lab.clusterIp(pods), 'pick_first')
    page.show({ scenario: 'spread', admin: spread.admin, pods: ['pod-1', 'pod-2'] })
    page.show({ scenario: 'pinned', admin: pinned.admin, pods: ['pod-1', 'pod-2'] })
    fewest = await startClient(lab.fixedList(0, 2), 'least_request')
    page.show({ scenario: 'fewest', admin: fewest.admin, pods: ['pod-1', 'pod-2'], policy: 'told' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all([page?.close(), lab?.stop()])
  })

  const startClient = (target: string, policy: string): Promise<EchoProcess> =>
    lab.client(['-h', target, '--lb-policy', policy, '--rps', '50', '--quiet', '--window', '60'])

  it('shows a card per scenario, in the order of their names, with the verdict of the last window', async () => {
    const tab = await openPage()
    await expect.poll(() => tab.locator('.verdict', { hasText: 'even' }).count(), patient).toBe(2)
    await tab.locator('.verdict', { hasText: 'pinned' }).waitFor()
    expect(await tab.locator('article h2').allTextContents()).toEqual(['fewest', 'pinned', 'spread'])
    expect(await tab.locator('article .verdict').allTextContents()).toEqual(['even', 'pinned', 'even'])
    expect(await tab.locator('article').nth(1).locator('.reason').textContent()).toMatch(
      /^All 60 calls went to pod-[12], of 2 peers\.$/,
    )
  })

  it('moves the bars as calls come, and keeps a row for a pod that serves none', async () => {
    const tab = await openPage()
    const spread = tab.locator('article', { has: tab.getByRole('heading', { name: 'spread' }) })
    const before = await callsOf(spread.locator('.calls'))
    await expect.poll(() => callsOf(spread.locator('.calls')), { timeout: 20_000 }).not.toEqual(before)
    const styles = await spread.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('style')))
    for (const style of styles) expect(Number(/width: ([\d.]+)%/.exec(style ?? '')?.[1])).toBeCloseTo(50, -1)
    const pinned = tab.locator('article', { has: tab.getByRole('heading', { name: 'pinned' }) })
    expect((await pinned.locator('.share').allTextContents()).toSorted()).toEqual(['0.0 %', '100.0 %'])
  })

  it('names the policy that a control plane tells the client', async () => {
    const tab = await openPage()
    expect(await tab.locator('article .policy').allTextContents()).toEqual([
      'policy told',
      'policy pick_first',
      'policy round_robin',
    ])
  })

  it('judges who has a slow pod as the terminal does, by calls since then alone, and as before when it is fast', async () => {
    const tab = await openPage()
    const verdicts = () => tab.locator('article .verdict').allTextContents()
    const both = (message: object) => Promise.all([spread.tell(message), fewest.tell(message)])
    const seen = await watchVerdicts()
    await expect.poll(verdicts, patient).toEqual(['even', 'pinned', 'even'])
    await both({ slowPeer: 'pod-1', delayMilliseconds: 500 })
    await expect.poll(verdicts, patient).toEqual(['load-aware', 'pinned', 'load-blind'])
    const headlines = await tab.locator('article .headline').allTextContents()
    expect(headlines[0]).toMatch(/^The slow pod gets the fewest calls: pod-1 \d+\.\d %$/)
    expect(headlines[2]).toBe('The slow pod is not spared: pod-1 50.0 %')
    expect(await tab.locator('article .reason').first().textContent()).toMatch(/which is slow, the fewest, where/)
    await both({ slowPeer: '', delayMilliseconds: 0 })
    await expect.poll(verdicts, patient).toEqual(['even', 'pinned', 'even'])
    expect(await seen()).toEqual(['even', '', 'load-aware', '', 'even'])

    async function watchVerdicts() {
      await tab.evaluate(`(() => {
        const verdict = document.querySelector('article .verdict')
        window.seen = [verdict.textContent]
        new MutationObserver(() => window.seen.push(verdict.textContent)).observe(verdict, { childList: true, characterData: true, subtree: true })
      })()`)
      return () => tab.evaluate('window.seen') as Promise<string[]>
    }
  })

  async function openPage() {
    const tab = await browser.newPage()
    const failures: string[] = []
    tab.on('pageerror', (error) => failures.push(error.message))
    await tab.goto(page.url)
    // The bar of a pod that serves none has no width.
    await tab.locator('.bar').first().waitFor({ state: 'attached' })
    expect(failures).toEqual([])
    return tab
  }
})

async function callsOf(cells: { allTextContents(): Promise<string[]> }): Promise<number[]> {
  return (await cells.allTextContents()).map(Number)
}
