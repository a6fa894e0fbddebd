import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { dashboardFiles } from './build/files.ts'

// Writes the dashboards: those of the chart, and the same in Grafana 13's schema. With --check it only says what is stale
// (exit 1).
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const stale = Object.entries(dashboardFiles()).filter(([path, text]) => textOf(join(root, path)) !== text)

for (const [path, text] of stale) {
  if (values.check) {
    console.error(`${path} is stale: run npm run generate and commit the result.`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** What a file holds; undefined when it is not there. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
