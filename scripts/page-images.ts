import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

// node scripts/page-images.ts writes docs/images/page-lab.png and page-phone.png: the live page of the real lab with one
// client that is pinned and one that is not. CHROMIUM names the browser where it is not /usr/bin/chromium.
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(executablePath)) throw new Error(`there is no ${executablePath}: name a Chromium in CHROMIUM`)

const scenarios = ['--scenario', 'cluster-ip', '--scenario', 'headless-round-robin']
const root = new URL('../', import.meta.url)
const demo = fork(fileURLToPath(new URL('bin/evenly.js', root)), ['demo', '--listen', '127.0.0.1:0', ...scenarios], {
  silent: true,
})
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const url = await pageOfDemo()
  await image(url, 'page-lab.png', { width: 1200, height: 960 }, 30_000)
  await image(url, 'page-phone.png', { width: 390, height: 844 }, 3000)
} finally {
  await browser.close()
  demo.kill('SIGINT')
  await once(demo, 'exit')
}

async function pageOfDemo(): Promise<string> {
  const limit = AbortSignal.timeout(180_000)
  let printed = ''
  for (;;) {
    const [text] = await once(demo.stderr as NodeJS.ReadableStream, 'data', { signal: limit })
    printed += text
    const url = /watch them at (http:\S+)/.exec(printed)?.[1]
    if (url !== undefined) return url
  }
}

async function image(url: string, name: string, viewport: { width: number; height: number }, wait: number) {
  const tab = await browser.newPage({ viewport, colorScheme: 'light' })
  await tab.goto(url)
  await tab.waitForTimeout(wait)
  await tab.screenshot({ path: fileURLToPath(new URL(`docs/images/${name}`, root)) })
  await tab.close()
}
