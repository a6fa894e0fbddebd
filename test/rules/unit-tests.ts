import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { projectRoot } from '../chart/helm.ts'

/** A test as promtool reads it, as far as tests look into it. */
export interface UnitTest {
  readonly name: string
  readonly alert_rule_test?: readonly {
    readonly alertname: string
    readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[]
  }[]
  readonly promql_expr_test?: readonly { readonly expr: string; readonly exp_samples: readonly unknown[] }[]
}

const folder = 'rules/tests'

/** The files of promtool's tests, from the top of the project. */
export const unitTestFiles: readonly string[] = readdirSync(join(projectRoot, folder))
  .map((file) => `${folder}/${file}`)
  .sort()

/** All of the tests in them. */
export const unitTests: readonly UnitTest[] = unitTestFiles.flatMap(
  (file) => parse(readFileSync(join(projectRoot, file), 'utf8')).tests,
)
