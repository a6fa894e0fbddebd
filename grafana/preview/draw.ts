import { chromium } from 'playwright-core'
import { picturePage } from './picture.ts'
import type { Recording } from './recording.ts'

/** The picture as PNG, drawn by Chromium; its corners are transparent. */
export async function draw(recording: Recording, executablePath: string): Promise<Buffer> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const tab = await browser.newPage({ viewport: { width: 1220, height: 900 }, deviceScaleFactor: 1.5 })
    const complaints: string[] = []
    tab.on('pageerror', (error) => complaints.push(error.message))
    await tab.setContent(picturePage(recording), { waitUntil: 'load' })
    if (complaints.length > 0) throw new Error(`the picture cannot be drawn: ${complaints.join('; ')}`)
    return await tab.locator('main').screenshot({ type: 'png', omitBackground: true })
  } finally {
    await browser.close()
  }
}
