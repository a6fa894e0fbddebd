import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rulesPage } from './lib/rule-book/rules-page.ts'
import { writeOrCheck } from './lib/write-or-check.ts'

// Writes docs/rules.md from the rules themselves. With --check it only says whether it is stale (exit 1).
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })

writeOrCheck(root, { 'docs/rules.md': rulesPage() }, values.check)
