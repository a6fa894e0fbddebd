import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageFiles } from '../../services/echo/src/live/page-files.ts'
import { executablePath, openBrowser } from '../support/chromium.ts'
import { runNode } from '../support/echo-command.ts'
import { openPage } from './browser.ts'

const root = new URL('../../', import.meta.url).pathname

describe('the live page of the bundle', () => {
  const place = mkdtempSync(join(tmpdir(), 'evenly-page-'))
  let url = ''
  let stop = async (): Promise<unknown> => undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    // Away from the sources: nothing that it needs may lie beside it.
    await promisify(execFile)(process.execPath, ['scripts/build.ts', place], { cwd: root })
    const echo = runNode([join(place, 'echo.mjs'), '-s', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'])
    stop = () => {
      echo.kill('SIGTERM')
      return echo.ended
    }
    url = (await echo.printed(/admin on (http:\S+)/))[1] as string
    if (executablePath !== undefined) browser = await openBrowser()
  }, 180_000)
  afterAll(async () => {
    await Promise.all([stop(), browser?.close()])
    rmSync(place, { recursive: true })
  })

  it('has every file as it is in the sources', async () => {
    for (const { name, text } of pageFiles) {
      const response = await fetch(name === 'index.html' ? url : `${url}/page/${name}`)
      expect(await response.text(), name).toBe(text)
    }
  })

  it.skipIf(executablePath === undefined)('is live in Chromium', async () => {
    const { tab, complaints } = await openPage(browser as Browser, url)
    expect(await tab.locator('article .headline').textContent()).toBe('No call in the last minute')
    expect(complaints).toEqual([])
  })
})
