import { execFileSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'

/** Where the machine's Chromium is; undefined where there is none. */
export const executablePath = findChromium()

/** Starts it; close it after the test. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox', '--disable-gpu'] })
}

function findChromium(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    } catch {
      // Not under this name.
    }
  }
  return undefined
}
