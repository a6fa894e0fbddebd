import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chartFiles } from './lib/annotated-values/chart-files.ts'
import { EvenlyError } from './lib/exit.ts'
import { writeOrCheck } from './lib/write-or-check.ts'

// Writes what is made from a chart's values.yaml: its schema, its README, what must not be null. With --check it only says
// what is stale (exit 1). Takes the chart's folder, which is charts/echo unless given.
const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true })
const folder = resolve(root, positionals[0] ?? 'charts/echo')

try {
  const files = Object.entries(chartFiles(folder, root)).map(([name, text]) => [
    relative(root, join(folder, name)),
    text,
  ])
  writeOrCheck(root, Object.fromEntries(files), values.check)
} catch (error) {
  if (!(error instanceof EvenlyError)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}
