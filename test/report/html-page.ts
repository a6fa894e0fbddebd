import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Where a browser is, or undefined. */
export const chromiumPath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(':').map((folder) => join(folder, name)))
  .find((path) => existsSync(path))

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath as string, args: ['--no-sandbox', '--disable-gpu'] })

export interface OpenPage {
  readonly tab: Page
  /** What it asked for beside itself. */
  readonly requests: readonly string[]
  /** What the browser had to say of it. */
  readonly complaints: readonly string[]
}

/** Opens HTML as a file, the way a reader does. */
export async function openPage(browser: Browser, html: string, width: number, dark = false): Promise<OpenPage> {
  const file = join(tmpdir(), `evenly-report-${process.pid}-${Math.random().toString(36).slice(2)}.html`)
  await writeFile(file, html)
  const tab = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' })
  const [requests, complaints]: string[][] = [[], []]
  const own = pathToFileURL(file).href
  tab.on('request', (request) => request.url() !== own && requests?.push(request.url()))
  tab.on('console', (message) => complaints?.push(message.text()))
  tab.on('pageerror', (error) => complaints?.push(error.message))
  await tab.goto(own)
  await rm(file)
  return { tab, requests: requests ?? [], complaints: complaints ?? [] }
}

export const openDetails = (tab: Page) =>
  tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

/** A table's cells, by its caption. */
export async function tableOf(tab: Page, caption: string, within = 'main'): Promise<string[][]> {
  const table = tab.locator(within).getByRole('table', { name: caption, exact: true })
  const rows = await table.locator('tr').allInnerTexts()
  return rows.map((row) => row.split('\t').map((cell) => cell.trim()))
}
