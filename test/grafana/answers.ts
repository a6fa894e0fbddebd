import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { promtool } from '../rules/promtool.ts'
import { allTargets } from './dashboard-files.ts'
import { filledIn } from './promql.ts'

/** Series by name and labels, each with its values a minute apart in promtool's short form, such as `0+60x20`. */
export type SeriesValues = Readonly<Record<string, string>>

/** Rows by name and labels, as promtool writes them. */
export type Rows = Readonly<Record<string, number>>

/** What a panel of the Mesh, Distribution or Clients dashboard asks, by where it stands: `Evenly / Mesh: TITLE A`. */
export function askedBy(where: string): string {
  const found = allTargets.find((one) => one.where === where)
  if (!found) throw new Error(`no query stands at ${where}`)
  return found.target.expr
}

/**
 * What is wrong with the rows that Prometheus' own engine finds for a query 15 minutes into these series, to three decimals;
 * '' when they are these.
 */
export async function wrongAnswers(
  series: SeriesValues,
  expr: string,
  rows: Rows,
  choices: Readonly<Record<string, string>>,
): Promise<string> {
  const test = {
    rule_files: [],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `round(${filledIn(expr, choices)}, 0.001)`,
            eval_time: '15m',
            exp_samples: Object.entries(rows).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  }
  const folder = await mkdtemp(join(tmpdir(), 'evenly-answers-'))
  try {
    await writeFile(join(folder, 'test.yaml'), stringify(test, { lineWidth: 0 }))
    return await promtool('test', 'rules', join(folder, 'test.yaml'))
  } finally {
    await rm(folder, { recursive: true })
  }
}
