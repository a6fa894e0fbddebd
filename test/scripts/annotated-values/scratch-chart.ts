import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ToolName } from '../../../scripts/lib/tools.ts'
import { runTool } from '../../chart/helm.ts'

/** A folder of its own with these files, for one test. */
export function scratchChart(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenly-chart-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const all = { 'Chart.yaml': 'apiVersion: v2\nname: scratch\nversion: 0.1.0\n', ...files }
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text)
  return folder
}

/** A line of Helm's about the schema: where in the values, as a JSON pointer, and what it says. */
export interface Complaint {
  readonly at: string
  readonly says: string
}

/** All that Helm says against these values by the chart's schema. */
export async function helmComplaints(chart: string, values: unknown, helm: ToolName = 'helm'): Promise<Complaint[]> {
  const { stderr } = await runTool(helm, ['template', 'a', chart, '-f', '-'], JSON.stringify(values))
  return [...stderr.matchAll(/^ *- at '(.*?)': (.*)$/gm)]
    .map(([, at = '', says = '']) => ({ at, says }))
    .filter(({ says }) => says !== 'validation failed')
}
