import { readFileSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export const wide = { width: 1200, height: 900 }
export const phone = { width: 360, height: 740 }

/** A tab, and whatever it complained about: errors of scripts, of the console, and of what the page may not do. */
export interface OpenPage {
  readonly tab: Page
  readonly complaints: string[]
}

/** Opens the page and waits until it is live. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: wide, ...options })
  const tab = await context.newPage()
  const complaints: string[] = []
  tab.on('pageerror', (error) => complaints.push(error.message))
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  tab.on('dialog', async (dialog) => {
    complaints.push(`dialog ${dialog.message()}`)
    await dialog.dismiss()
  })
  await tab.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('refused ' + event.violatedDirective))`,
  )
  await tab.goto(url)
  const live = tab.locator('#state', { hasText: 'Live' }).waitFor({ timeout: 15_000 })
  await live.catch((error: Error) => {
    throw new Error(`${error.message}\n${complaints.join('\n')}`)
  })
  return { tab, complaints }
}

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

/** What axe finds wrong with the page, a line each. */
export async function accessibilityFaults(tab: Page): Promise<string[]> {
  await tab.evaluate(axe)
  const found = (await tab.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

/** Whether the page itself, not a table in it, has to be scrolled sideways. */
export async function overflows(tab: Page): Promise<boolean> {
  return tab.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
}
