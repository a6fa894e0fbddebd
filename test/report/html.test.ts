import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlPage } from '../../scripts/report/html.ts'
import { contrasts, unnamedPictures } from './html-in-browser.ts'
import { chromiumPath, launch, openDetails, openPage } from './html-page.ts'
import { hostileInfo, hostileText, info, unusual, usual } from './rows.ts'

const all = [...usual, ...unusual]

describe('the HTML report', () => {
  it('is one file that names no other', () => {
    const html = htmlPage(all, hostileInfo)
    expect(html).not.toMatch(/https?:|url\(|@import|<script|<link(?! rel="icon" href="data:,">)|<img|<iframe/)
    expect(html.match(/ (href|src)="[^"]*"/g)?.filter((address) => !/"(#scenario-\d+|data:,)"/.test(address))).toEqual(
      [],
    )
  })

  it('is the same each time', () => {
    expect(htmlPage(all, info)).toBe(htmlPage(all, info))
  })

  it('says when it does not know the time', () => {
    expect(htmlPage(usual)).toContain('saved without the time and the versions')
    expect(htmlPage(usual, info)).toContain('Measured on 2026-10-14 12:03 UTC in 12 min 4 s. With evenly 0.2.0, ')
  })
})

describe.skipIf(chromiumPath === undefined)('the HTML report, in Chromium (skipped where there is none)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  const views = [
    { width: 1100, dark: false },
    { width: 1100, dark: true },
    { width: 360, dark: false },
    { width: 360, dark: true },
  ]
  describe.each(views)('$width pixels wide, dark: $dark', ({ width, dark }) => {
    it('asks for nothing, complains of nothing and is not too wide', async () => {
      const { tab, requests, complaints } = await openPage(browser, htmlPage(all, hostileInfo), width, dark)
      await openDetails(tab)
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(requests).toEqual([])
      expect(complaints).toEqual([])
    })

    it('can be read: every text stands out 4.5 to 1 from what it is on, every line 3 to 1', async () => {
      const { tab } = await openPage(browser, htmlPage(usual, info), width, dark)
      await openDetails(tab)
      const found = (await tab.evaluate(contrasts)) as { what: string; ratio: number; least: number }[]
      expect(found.length).toBeGreaterThan(200)
      expect(found.filter(({ ratio, least }) => ratio < least)).toEqual([])
      expect(new Set(found.map(({ least }) => least))).toEqual(new Set([4.5, 3]))
    })
  })

  it('would be refused the network, scripts and other styles, should a text ever become markup', async () => {
    const foreign =
      '<p id="foreign" style="color: red" onclick="1"></p><img src="http://127.0.0.1:1/"><script>document.title = "run"</script>'
    const { tab, complaints } = await openPage(
      browser,
      htmlPage(usual, info).replace('</main>', `${foreign}</main>`),
      800,
    )
    expect(await tab.evaluate("getComputedStyle(document.querySelector('#foreign')).color")).not.toBe('rgb(255, 0, 0)')
    expect(await tab.title()).toBe('Evenly: 4 of 6 as expected, 1 not, 1 not run')
    expect(complaints.join('\n')).toMatch(/style-src/)
    expect(complaints.join('\n')).toMatch(/img-src/)
    expect(complaints.join('\n')).toMatch(/script-src/)
    expect(await tab.evaluate('getComputedStyle(document.body).maxWidth')).toBe('990px')
  })

  it('links each row of the summary to its card', async () => {
    const { tab } = await openPage(browser, htmlPage(usual, info), 1100)
    const cells = await tab.locator('.summary tbody tr').allInnerTexts()
    expect(
      cells.map((text) =>
        text
          .split('\t')
          .map((cell) => cell.trim())
          .filter(Boolean),
      ),
    ).toEqual([
      ['cluster-ip', 'pinned', '✔ pinned', '0 of 300', '41.2 s'],
      ['istio-locality', 'even', '✔ even', '0 of 300', '41.2 s'],
      ['istio-fault', 'even', '✖ even', '150 of 300', '41.2 s'],
      ['istio-canary', 'matches-weights', '✔ matches-weights', '0 of 3000', '41.2 s'],
      ['headless-max-age', 'even', '✔ even', 'after 0.31 s to 4.3 s', '0 of 300', '41.2 s'],
      ['istio-ambient', 'even', '– not run'],
    ])
    for (const [index, row] of usual.entries()) {
      await tab.locator('.summary a').nth(index).click()
      expect(new URL(tab.url()).hash).toBe(`#scenario-${index + 1}`)
      expect(await tab.locator(':target h2').innerText()).toBe(row.scenario)
    }
  })

  it('names every picture and every mark for who cannot see it, and no two things alike', async () => {
    const { tab } = await openPage(browser, htmlPage(all, info), 1100)
    await openDetails(tab)
    const pictures = tab.locator('[role=img]')
    expect(await pictures.count()).toBeGreaterThan(50)
    expect(await tab.evaluate(unnamedPictures)).toEqual([])
    const ids = await tab.locator('[id]').evaluateAll((elements) => elements.map((element) => element.id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(await tab.getByRole('img', { name: 'Calls per second per pod, over 1 min 0 s' }).count()).toBe(1)
    expect(await tab.getByRole('img', { name: '…jq7bp: 38.0 % of the calls' }).count()).toBe(1)
    expect(await tab.locator('table').count()).toBe(await tab.locator('table:has(thead th[scope=col])').count())
  })

  it('shows hostile texts as text', async () => {
    const { tab } = await openPage(browser, htmlPage(unusual, hostileInfo), 800)
    expect(await tab.locator('script').count()).toBe(0)
    const shown = await tab.locator('#scenario-3 h2').innerText()
    expect(shown).toMatch(/^<script>alert\(1\)<\/script> \| \]\]> & "quoted" 'single' ␛\[2J␀/)
    expect(hostileText).toContain(shown.slice(0, 40))
    expect(await tab.locator('main > *').count()).toBe(1 + unusual.length)
  })

  it('is printed in ink on white, with each scenario in one piece and its counts', async () => {
    const { tab } = await openPage(browser, htmlPage(usual, info), 800, true)
    await tab.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await tab.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")).toBe(
      'rgb(255, 255, 255)',
    )
    expect(await tab.evaluate("getComputedStyle(document.querySelector('article')).breakInside")).toBe('avoid')
    const counts = tab.locator('#scenario-2 details table')
    const height = (await counts.boundingBox())?.height ?? 0
    expect(height).toBeGreaterThan(40)
    expect(await tab.getByText('The chart in numbers').isVisible()).toBe(false)
  })
})
