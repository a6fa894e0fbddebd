import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedProtos } from '../../scripts/bundle/embedded-protos.ts'
import { inlinedFiles } from '../../scripts/bundle/inlined-files.ts'
import { pageFiles } from '../../services/echo/src/page-files.ts'
import { runNode } from '../support/echo-command.ts'
import { executablePath, openBrowser, openPage } from './browser.ts'

const root = new URL('../../', import.meta.url).pathname
const commonJsNames = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url),
  __filename = import.meta.filename, __dirname = import.meta.dirname`

describe('the live page of the bundle', () => {
  const place = mkdtempSync(join(tmpdir(), 'evenly-page-'))
  let url = ''
  let stop = async (): Promise<unknown> => undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    // Away from the sources: nothing that it needs may lie beside it.
    await build({
      absWorkingDir: root,
      entryPoints: { echo: 'services/echo/src/main.ts' },
      outdir: place,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      banner: { js: commonJsNames },
      logLevel: 'error',
      plugins: [inlinedFiles(), embeddedProtos(root)],
    })
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
