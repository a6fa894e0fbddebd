import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlPage } from '../../scripts/report/html.ts'
import { chromiumPath, launch, openDetails, openPage, tableOf } from './html-page.ts'
import { crowd, even, info, pods, rebalance, scaled, usual } from './rows.ts'

describe.skipIf(chromiumPath === undefined)(
  'the charts of the HTML report, in Chromium (skipped where there is none)',
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch()
    })
    afterAll(() => browser?.close())

    it('draws bars as long as the shares, with ticks where they are expected', async () => {
      const { tab } = await openPage(browser, htmlPage(usual, info), 1100)
      expect(await barsOf(tab, '#scenario-1')).toEqual([
        { text: '…jq7bp 300 100.0 %', bar: 1, tick: 0.333 },
        { text: '…x2lzm 0 0.0 %', bar: 0, tick: 0.333 },
        { text: '…9tkvw 0 0.0 %', bar: 0, tick: 0.333 },
      ])
      expect(await barsOf(tab, '#scenario-2')).toEqual([
        { text: '…jq7bp zone-a 114 38.0 %', bar: 0.76, tick: 0.667 },
        { text: '…x2lzm zone-b 93 31.0 %', bar: 0.62, tick: 0.667 },
        { text: '…9tkvw zone-b 93 31.0 %', bar: 0.62, tick: 0.667 },
      ])
      expect(await tab.locator('#scenario-2 caption').first().innerText()).toBe(
        'Share of the calls per pod; a full bar is 50 %  expected share',
      )
      expect(await tab.locator('#scenario-4 caption').first().innerText()).toBe(
        'Share of the calls per pod, under all weights together; a full bar is 100 %',
      )
      expect((await barsOf(tab, '#scenario-4')).map(({ text, tick }) => [text, tick])).toEqual([
        ['stable…jq7bp 751 25.0 %', null],
        ['stable…x2lzm 735 24.5 %', null],
        ['canary… 1514 50.5 %', null],
        ['stable 989 98.9 %', 0.99],
        ['canary 11 1.1 %', 0.01],
        ['stable 497 49.7 %', 0.5],
        ['canary 503 50.3 %', 0.5],
        ['stable 0 0.0 %', 0],
        ['canary 1000 100.0 %', 1],
      ])
    })

    it('shows of 200 pods 24 and the rest in one line, and all where they are counted', async () => {
      const { tab } = await openPage(browser, htmlPage([crowd]), 1100)
      expect(await barsOf(tab, '#scenario-1')).toHaveLength(24)
      expect(await tab.locator('#scenario-1 .chart tr').nth(13).innerText()).toBe(
        '… 176 more pods with 0.5 % to 0.5 % each',
      )
      await openDetails(tab)
      expect(await tab.locator('#scenario-1 details tbody tr').count()).toBe(200)
    })

    it('draws calls over time, with marks in words and failed calls beside the pods', async () => {
      const { tab } = await openPage(browser, htmlPage([scaled]), 1100)
      const chart = tab.locator('svg.curves')
      expect(await chart.locator('polyline').count()).toBe(5)
      expect(await chart.locator('text.mark').allTextContents()).toEqual([
        'scaling 3 to 5',
        '…c4gmx is ready',
        'scaling 5 to 2',
      ])
      const marks = await chart
        .locator('line.mark')
        .evaluateAll((lines) => lines.map((line) => line.getAttribute('x1')))
      expect(marks).toEqual(['33.333%', '34.333%', '66.667%'])
      // 9 calls of 60 that the axis shows, in second 40 of 60.
      const failed = chart.locator('rect.failed').first()
      expect(await attributes(failed, ['x', 'y', 'width', 'height'])).toEqual(['666.67', '144.5', '16.67', '25.5'])
      expect(await chart.locator('rect.failed').count()).toBe(2)
      // The pod that joined first: nothing until second 21, then 24 of 60.
      const points = (await chart.locator('polyline').first().getAttribute('points'))?.split(' ') ?? []
      expect([points.length, points[0], points[21], points[61]]).toEqual([62, '0,170', '341.67,170', '1000,62.33'])
      expect(points[22]).toBe('358.33,102')
      const keys = await tab.locator('ul.legend li').allInnerTexts()
      expect(keys.map((text) => text.trim())).toEqual([
        '…c4gmx (joined)',
        '…zzq8h (joined)',
        '…x2lzm (left)',
        '…9tkvw (left)',
        '…jq7bp',
        'failed calls',
      ])
      expect(await chart.locator('text.axis').allTextContents()).toEqual([
        '0',
        '30',
        '60',
        ...[0, 10, 20, 30, 40, 50, 60].map((second) => `${second} s`),
      ])
    })

    it('tells the same in tables', async () => {
      const { tab } = await openPage(browser, htmlPage([scaled]), 1100)
      await openDetails(tab)
      expect(await tableOf(tab, 'Joined, since ready')).toEqual([
        ['pod', 'first call', 'fair share'],
        ['…c4gmx', 'after 0.31 s', 'after 1.9 s'],
        ['…zzq8h', 'after 4.3 s', 'never'],
      ])
      expect(await tableOf(tab, 'Left, since deletion began')).toEqual([
        ['pod', 'last call'],
        ['…x2lzm', 'after 0.41 s'],
        ['…9tkvw', 'none'],
      ])
      expect((await tableOf(tab, 'Calls that failed')).at(-1)).toEqual([
        'scaling 5 to 2',
        '1950',
        'UNAVAILABLE 13, CANCELLED 1',
      ])
      expect(await tableOf(tab, 'What happened')).toEqual([
        ['when', 'what'],
        ['20 s', 'scaling 3 to 5'],
        ['20.6 s', '…c4gmx is ready'],
        ['40 s', 'scaling 5 to 2'],
      ])
      const seconds = await tableOf(tab, 'Calls per second')
      expect([seconds.length, seconds[0], seconds[41]]).toEqual([
        61,
        ['since', '…c4gmx', '…zzq8h', '…x2lzm', '…9tkvw', '…jq7bp', 'failed'],
        [
          '40 s',
          ...[...rebalance.joined.map(({ pod }) => pod), pods[1], pods[2], pods[0]].map((pod) =>
            String(rebalance.series.calls[pod]?.[40]),
          ),
          '9',
        ],
      ])
    })

    it('shows every count of the cross-check, open where they differ', async () => {
      const { tab } = await openPage(browser, htmlPage(usual, info), 1100)
      const isOpen = (id: number) => tab.locator(`#scenario-${id} details`).last().getAttribute('open')
      expect([await isOpen(2), await isOpen(3)]).toEqual([null, ''])
      await openDetails(tab)
      expect(await tableOf(tab, 'Calls per pod, as each of them counted', '#scenario-2')).toEqual([
        ['pod', 'client', 'servers', 'proxy', 'connections'],
        [pods[0], '114', '114', '114', '2'],
        [pods[1], '93', '93', '93', '1'],
        [pods[2], '93', '93', '93', '1'],
      ])
      expect(await tableOf(tab, 'Calls per pod, as each of them counted', '#scenario-3')).toContainEqual([
        pods[2],
        '49',
        '61',
      ])
      expect(await tab.locator('#scenario-3 ul.plain li').allInnerTexts()).toEqual([
        '✔ half of the calls fail: 150 of 300 calls failed.',
        '✖ the proxy aborts them itself: 12 of them reached a pod.',
      ])
    })

    it('says that a count stands alone where nobody else counted', async () => {
      const truth = {
        ...even.truth,
        server: null,
        proxy: null,
        proxyConnections: null,
        explanation: 'The client alone counted.',
      }
      const { tab } = await openPage(browser, htmlPage([{ ...even, truth }]), 1100)
      expect(await tab.locator('#scenario-1 summary').innerText()).toBe('– counted once: The client alone counted.')
      expect(await tab.locator('#scenario-1 summary .good').count()).toBe(0)
    })

    it('puts the shares of those that served end to end, in two colours by turns', async () => {
      const counts = { a: 0, b: 3, c: 0, d: 1 }
      const { tab } = await openPage(browser, htmlPage([{ ...even, counts }]), 1100)
      const parts = tab.locator('.summary svg.bar rect:not(.track)')
      expect(
        await parts.evaluateAll((rects) =>
          rects.map((rect) => ['class', 'x', 'width'].map((name) => rect.getAttribute(name))),
        ),
      ).toEqual([
        ['part-0', '0%', '75%'],
        ['part-1', '75%', '25%'],
      ])
    })

    it('has no ticks where a strategy promises no shares', async () => {
      const { tab } = await openPage(
        browser,
        htmlPage([{ ...even, expected: 'zone-first', verdict: 'zone-first' }]),
        1100,
      )
      expect((await barsOf(tab, '#scenario-1')).map(({ tick }) => tick)).toEqual([null, null, null])
      expect(await tab.locator('#scenario-1 caption').first().innerText()).toBe(
        'Share of the calls per pod; a full bar is 50 %',
      )
    })

    it('writes out eight of many marks, and puts a line at each', async () => {
      const marks = Array.from({ length: 10 }, (_, index) => ({
        second: 7 * index,
        text: `mark ${index} of a long long story`,
      }))
      const series = { ...rebalance.series, marks }
      const { tab } = await openPage(browser, htmlPage([{ ...scaled, rebalance: { ...rebalance, series } }]), 360)
      expect(await tab.locator('line.mark').count()).toBe(10)
      expect((await tab.locator('text.mark').allTextContents()).slice(-2)).toEqual([
        'mark 6 of a long long s…',
        'mark 7 of a long long s…',
      ])
      await openDetails(tab)
      expect((await tableOf(tab, 'What happened')).at(-1)).toEqual(['63 s', 'mark 9 of a long long story'])
    })
  },
)

/** What a chart's rows say, and how much of the width bar and tick take, measured on the screen. */
const barsOf = (tab: Page, within: string) =>
  tab.evaluate(`[...document.querySelectorAll('${within} .chart svg.bar')].map(svg => {
    const { left, width } = svg.getBoundingClientRect()
    const tick = svg.querySelector('.reference')?.getBoundingClientRect()
    const part = (pixels) => Math.round((pixels / width) * 1000) / 1000
    const text = svg.closest('tr').innerText.replace(/\\s+/g, ' ').trim()
    return { text, bar: part(svg.querySelector('.share').getBoundingClientRect().width), tick: tick ? part(tick.left + tick.width / 2 - left) : null }
  })`) as Promise<{ text: string; bar: number; tick: number | null }[]>

const attributes = (element: ReturnType<Page['locator']>, names: string[]) =>
  Promise.all(names.map((name) => element.getAttribute(name)))
