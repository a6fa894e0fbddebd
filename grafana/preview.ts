import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { draw } from './preview/draw.ts'
import { record } from './preview/record.ts'

// Draws docs/images/distribution.png, our own picture of the Distribution dashboard, from answers to its queries that were
// recorded on a cluster. With --record URL it first records them anew, which takes ten minutes: URL is that of a Prometheus
// that heeds PodMonitors, the cluster that of the current context. CHROMIUM is the browser, unless it is the system's.
const images = fileURLToPath(new URL('../docs/images', import.meta.url))
const { values } = parseArgs({ options: { record: { type: 'string' } } })
const data = join(images, 'distribution.data.json')

mkdirSync(images, { recursive: true })
if (values.record !== undefined) writeFileSync(data, `${JSON.stringify(await record(values.record))}\n`)
const picture = await draw(JSON.parse(readFileSync(data, 'utf8')), process.env.CHROMIUM ?? '/usr/bin/chromium')
writeFileSync(join(images, 'distribution.png'), picture)
