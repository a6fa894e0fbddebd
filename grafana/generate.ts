import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeOrCheck } from '../scripts/lib/write-or-check.ts'
import { dashboardFiles } from './build/files.ts'

// Writes the dashboards: those of the chart, and the same in Grafana 13's schema. With --check it only says what is stale
// (exit 1).
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })

writeOrCheck(root, dashboardFiles(), values.check)
