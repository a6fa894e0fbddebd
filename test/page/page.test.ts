import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { executablePath, openBrowser } from '../support/chromium.ts'
import { type OpenPage, openPage, overflows, phone } from './browser.ts'
import { clientShown, type ShownPage, serverShown, slowShown, startShownPage } from './shown-page.ts'

const pinned = () => clientShown({ 'pod-1': 300 }, { pods: ['pod-1', 'pod-2', 'pod-3'], scenario: 'cluster-ip' })
const even = () => clientShown({ 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 })

describe.skipIf(executablePath === undefined)('the live page, in Chromium (skipped where there is none)', () => {
  let browser: Browser
  let server: ShownPage
  let shown: () => unknown
  let opened: OpenPage | undefined
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    server = await startShownPage(() => shown())
  })
  afterEach(async () => {
    const complaints = opened?.complaints
    await opened?.tab.context().close()
    opened = undefined
    await server.close()
    expect(complaints ?? []).toEqual([])
  })
  const open = async (now: () => unknown, options = {}): Promise<Page> => {
    shown = now
    opened = await openPage(browser, server.url, options)
    return opened.tab
  }
  const headline = (tab: Page) => tab.locator('article .headline')

  it('says in one sentence that a client is pinned, with its verdict, why, and what that means', async () => {
    const tab = await open(() => [pinned()])
    expect(await headline(tab).textContent()).toBe('1 of 3 pods serves everything')
    expect(await tab.locator('article .verdict').textContent()).toBe('pinned')
    expect(await tab.locator('.reason').textContent()).toBe('All 300 calls went to pod-1, the only peer known.')
    expect(await tab.locator('.meaning').textContent()).toMatch(/^gRPC keeps one connection open/)
    expect(await tab.locator('.policy').textContent()).toBe('policy pick_first')
    expect(await tab.locator('.target').textContent()).toBe('client-1 calls dns:///pods:8080')
  })

  it.each([
    ['even', even(), '3 of 3 pods share the calls evenly'],
    ['skewed', clientShown({ a: 300, b: 100 }), '2 of 2 pods serve, unevenly: a takes 75.0 %'],
    ['skewed', clientShown({ a: 300, b: 100, c: 0 }), '2 of 3 pods serve, 1 gets nothing'],
    ['pinned', clientShown({ a: 300 }), 'The only pod known serves everything'],
    ['insufficient', clientShown({ a: 2, b: 1 }), '2 of 2 pods have served; too few calls to judge'],
    ['', clientShown({ a: 2, b: 1 }, { window: null }), 'No call was answered'],
    [
      'even',
      clientShown({ a: 2 }, { ...even(), lastMinutes: clientShown({}).lastMinutes }),
      'No call in the last minute',
    ],
    ['', serverShown({ 'client-1': 200, 'client-2': 100 }), 'pod-1 served 300 calls of 2 clients in the last minute'],
  ])('tells what it sees in a sentence: %s %#', async (verdict, distribution, sentence) => {
    const tab = await open(() => distribution)
    expect(await headline(tab).textContent()).toBe(sentence)
    expect(await tab.locator('article .verdict').textContent()).toBe(verdict)
  })

  it.each([
    [
      'load-aware',
      'good',
      { 'pod-1': 21, 'pod-2': 140, 'pod-3': 139 },
      'The slow pod gets the fewest calls: pod-1 7.0 %',
    ],
    [
      'load-aware',
      'good',
      { 'pod-1': 0, 'pod-2': 150, 'pod-3': 150 },
      'The slow pod gets the fewest calls: pod-1 0.0 %',
    ],
    ['load-blind', 'bad', { 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 }, 'The slow pod is not spared: pod-1 33.3 %'],
    ['pinned', 'bad', { 'pod-1': 300, 'pod-2': 0, 'pod-3': 0 }, '1 of 3 pods serves everything'],
  ])('calls a client with a slow pod %s, in %s: %j', async (verdict, colour, counts, sentence) => {
    const tab = await open(() => slowShown(counts, 'pod-1'))
    expect(await headline(tab).textContent()).toBe(sentence)
    expect(await headline(tab).getAttribute('class')).toBe(`headline ${colour}`)
    expect(await tab.locator('article .verdict').textContent()).toBe(verdict)
    expect(await tab.locator('article .verdict').getAttribute('class')).toBe(`verdict ${colour}`)
  })

  it('calls it what its calls are where it is not told which pod is slow', async () => {
    const tab = await open(() => clientShown({ 'pod-1': 21, 'pod-2': 140, 'pod-3': 139 }))
    expect(await headline(tab).textContent()).toBe('3 of 3 pods serve, unevenly: pod-2 takes 46.7 %')
    expect(await tab.locator('article .verdict').textContent()).toBe('skewed')
  })

  it('counts in the overview what each client does', async () => {
    const few = { 'pod-1': 21, 'pod-2': 140, 'pod-3': 139 }
    const many = { 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 }
    let all = [pinned(), { ...even(), scenario: 'headless' }, slowShown(few, 'pod-1', { scenario: 'least' })]
    const tab = await open(() => all)
    const overview = tab.locator('#overview')
    expect(await overview.textContent()).toBe(
      '1 of 3 clients uses one pod for everything, 1 spreads its calls evenly, 1 spares its slow pod',
    )
    all = [
      ...['a', 'b'].map((scenario) => slowShown(many, 'pod-1', { scenario })),
      { ...clientShown(few), scenario: 'c' },
      clientShown(few, { scenario: 'd', window: null }),
    ]
    await overview
      .getByText(
        '1 of 4 clients spreads its calls unevenly, 2 do not spare their slow pods, 1 has too few calls to judge',
      )
      .waitFor()
  })

  it('moves bars and changes the verdict as calls come, and keeps order and colour of the peers', async () => {
    let now = clientShown({ 'pod-10': 300, 'pod-2': 0 })
    const tab = await open(() => now)
    const names = () => tab.locator('.bars tbody th').allTextContents()
    const colours = () => tab.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.className))
    const widths = () => tab.locator('.bar').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('style')))
    expect(await names()).toEqual(['pod-2', 'pod-10'])
    const before = await colours()
    expect(before).toEqual(['bar peer-0', 'bar peer-1'])
    expect(await widths()).toEqual(['width: 0%;', 'width: 100%;'])
    expect(await tab.locator('tr.idle .calls').allTextContents()).toEqual(['0'])
    now = clientShown({ 'pod-10': 150, 'pod-1': 150, 'pod-2': 150 })
    await tab.locator('article .verdict', { hasText: 'even' }).waitFor()
    expect(await names()).toEqual(['pod-1', 'pod-2', 'pod-10'])
    expect(await colours()).toEqual(['bar peer-2', ...before])
    expect(await tab.locator('.share').allTextContents()).toEqual(Array(3).fill('33.3 %'))
    expect(await tab.locator('.tick').first().getAttribute('style')).toBe('left: 33.3333%;')
  })

  it('shows who called whom as a table with headers, and the overview before the cards', async () => {
    const tab = await open(() => [pinned(), { ...even(), scenario: 'headless', pods: ['pod-1', 'pod-2', 'pod-3'] }])
    expect(await tab.locator('#overview').textContent()).toBe(
      '1 of 2 clients uses one pod for everything, 1 spreads its calls evenly',
    )
    const matrix = tab.getByRole('table', { name: 'Clients × servers' })
    expect(await matrix.getByRole('columnheader').allTextContents()).toEqual(['client', 'pod-1', 'pod-2', 'pod-3'])
    expect(await matrix.getByRole('rowheader').allTextContents()).toEqual(['cluster-ip', 'headless'])
    const cells = await matrix.getByRole('cell').allTextContents()
    expect(cells).toEqual(['50 (100.0 %)', '0 (0.0 %)', '0 (0.0 %)', ...Array(3).fill('20 (33.3 %)')])
    expect(
      await tab
        .locator('main > *')
        .first()
        .evaluate((first) => first.tagName),
    ).toBe('SECTION')
  })

  it('shows no calls in the table where a scenario has no such pod', async () => {
    const more = { ...even(), scenario: 'headless', pods: ['pod-1', 'pod-2', 'pod-3', 'pod-4'] }
    const tab = await open(() => [pinned(), more])
    const cells = await tab.locator('.matrix td').allTextContents()
    expect(cells.slice(0, 4)).toEqual(['50 (100.0 %)', '0 (0.0 %)', '0 (0.0 %)', '–'])
    expect(cells[7]).toBe('0 (0.0 %)')
  })

  it('makes room when a second card comes beside the first', async () => {
    let all = [pinned()]
    const tab = await open(() => all)
    await tab.locator('canvas').waitFor()
    all = [pinned(), { ...even(), scenario: 'headless' }]
    await tab.locator('canvas').nth(1).waitFor()
    expect(await overflows(tab)).toBe(false)
    const [left, right] = await Promise.all([0, 1].map((index) => tab.locator('article').nth(index).boundingBox()))
    expect(left?.width).toBeCloseTo(right?.width ?? 0, 0)
    await expect
      .poll(async () => (await tab.locator('canvas').first().boundingBox())?.width ?? 9999, { timeout: 20_000 })
      .toBeLessThan(left?.width ?? 0)
  })

  it('draws the calls per second, says them in words, and takes as long a time for the bars as is chosen', async () => {
    const tab = await open(even)
    await tab.locator('canvas').waitFor()
    const name = await tab
      .getByRole('img', { name: /^Calls per second, now: pod-1 2\/s, pod-2/ })
      .getAttribute('aria-label')
    expect(name).toMatch(/failed 0\/s$/)
    expect(await tab.locator('.bars .calls').nth(1).textContent()).toBe('100')
    await tab.getByLabel('Bars show the').selectOption('last 10 seconds')
    expect(await tab.locator('.bars caption').textContent()).toMatch(/^Answered calls of the last 10 seconds/)
    expect(await tab.locator('.bars .calls').nth(1).textContent()).toBe('20')
  })

  it('shows failed calls with their codes, and connections with state and age', async () => {
    const sums = { requests: 312, failed: 12, counts: { 'pod-1': 300 }, errors: { UNAVAILABLE: 11, INTERNAL: 1 } }
    const listed = [
      { peer: '10.0.0.1:8080', state: 'READY', ageSeconds: 75 },
      { peer: '10.0.0.2:8080', state: 'CONNECTING' },
    ]
    const connections = { total: 2, ready: 1, listed }
    const tab = await open(() =>
      clientShown({ 'pod-1': 300 }, { lastMinutes: { 1: sums, 5: sums, 15: sums }, connections }),
    )
    expect(await tab.locator('.failures').textContent()).toBe('12 failed: UNAVAILABLE 11, INTERNAL 1')
    await tab.getByText('1 of 2 connections ready, the oldest for 1 min 15 s').click()
    await tab.getByRole('cell', { name: 'CONNECTING' }).waitFor()
    const cells = await tab.locator('details tbody tr').evaluateAll((rows) => rows.map((row) => row.textContent))
    expect(cells).toEqual(['10.0.0.1:8080READY1 min 15 s', '10.0.0.2:8080CONNECTING–'])
  })

  it('shows names from the network as text, whatever is in them', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const odd = '"><script>alert(2)</script>'
    const tab = await open(() => [
      clientShown(
        { [name]: 30, ['__proto__']: 5, __other__: 3 },
        { name, target: odd, policy: name, scenario: odd, summary: name },
      ),
      clientShown({ [odd]: 300 }, { scenario: name }),
    ])
    expect(await tab.locator('img, main script').count()).toBe(0)
    expect(await tab.locator('article h2').allTextContents()).toEqual([odd, name])
    const names = await tab.locator('article').first().locator('tbody th').allTextContents()
    expect(names).toEqual(['__proto__', name, '__other__: all past the 200th'])
  })

  it('stays usable with 200 peers: they scroll in their own place, the rest of the page stays where it is', async () => {
    const peers = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`echo-server-7d9f8b6c5-${index}`, 50 + index]),
    )
    const tab = await open(() => clientShown(peers), { viewport: phone })
    expect(await tab.locator('.bars tbody tr').count()).toBe(200)
    expect((await tab.locator('.bars').locator('..').boundingBox())?.height).toBeLessThan(500)
    expect(await tab.locator('.bars caption').textContent()).toMatch(/a full bar is 2 %/)
    expect(await tab.locator('.matrix thead th').last().textContent()).toBe('176 others')
    expect(await overflows(tab)).toBe(false)
    await tab.getByLabel('Bars show the').selectOption('last 10 seconds')
    await tab.getByText(/^Answered calls of the last 10 seconds; a full/).waitFor()
  })

  it('works behind a path prefix', async () => {
    shown = even
    const proxy = createServer((incoming, answer) => {
      // What is asked for without the prefix is another service's.
      if (!incoming.url?.startsWith('/evenly/')) return answer.writeHead(404).end()
      request(server.url + incoming.url.replace('/evenly', ''), { headers: incoming.headers }, (answered) => {
        answer.writeHead(answered.statusCode as number, answered.headers)
        answered.pipe(answer)
      }).end()
      return answer
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    opened = await openPage(browser, `http://127.0.0.1:${(proxy.address() as { port: number }).port}/evenly/`)
    expect(await headline(opened.tab).textContent()).toBe('3 of 3 pods share the calls evenly')
    await opened.tab.close()
    proxy.closeAllConnections()
    proxy.close()
  })
})
