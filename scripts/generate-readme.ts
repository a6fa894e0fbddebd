import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { render } from './report/formats.ts'
import { parseSaved } from './report/saved.ts'

// Writes the README's table of scenarios from a run that was saved with `evenly matrix --write docs/matrix.json`. With --check
// it only says whether the table is stale (exit 1).
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const saved = 'docs/matrix.json'
const readme = join(root, 'README.md')

const { rows, info } = parseSaved(readFileSync(join(root, saved), 'utf8'), saved)
const text = readFileSync(readme, 'utf8')
const between = /(?<=<!-- table: [^\n]* -->\n)[\s\S]*?(?=<!-- end of table -->)/
if (!between.test(text)) throw new Error('README.md has lost the two comments that its table stands between')
const fresh = text.replace(between, () => `${render('markdown', rows, info)}\n\n`)

if (fresh !== text && values.check) {
  console.error('README.md is stale: run npm run generate and commit the result.')
  process.exitCode = 1
} else if (fresh !== text) writeFileSync(readme, fresh)
