import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chartFiles } from './lib/annotated-values/chart-files.ts'
import { EvenlyError } from './lib/exit.ts'

// Writes what is made from a chart's values.yaml: its schema, its README, what must not be null. With --check it only says
// what is stale (exit 1). Takes the chart's folder, which is charts/echo unless given.
const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true })
const folder = resolve(root, positionals[0] ?? 'charts/echo')

try {
  const stale = Object.entries(chartFiles(folder, root)).filter(([name, text]) => textOf(join(folder, name)) !== text)
  if (values.check) {
    for (const [name] of stale) {
      console.error(`${relative(root, join(folder, name))} is stale: run npm run generate and commit the result.`)
      process.exitCode = 1
    }
  } else {
    for (const [name, text] of stale) writeFileSync(join(folder, name), text)
  }
} catch (error) {
  if (!(error instanceof EvenlyError)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
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
