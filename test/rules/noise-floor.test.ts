import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { evenShares, seededRandom, tallyAtRandom } from '../scripts/seeded-tally.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { promtool, promtoolTimeoutMs, whyNoPromtool } from './promtool.ts'
import { ruleFile } from './rule-file.ts'

const minutes = 60
const services = 10

whereThereIs('noise floor', whyNoPromtool, () => {
  it.each([2, 3, 10])(
    'never says that random picks over %i pods are uneven, from 100 calls a pod on',
    async (pods) => {
      expect(await whatIsSaidOf(pods, (perMinute, random) => tallyAtRandom(evenShares(pods), perMinute, random))).toBe(
        '',
      )
    },
    promtoolTimeoutMs,
  )

  it(
    'says so when the picks leave out a third of the pods',
    async () => {
      const said = await whatIsSaidOf(3, (perMinute, random) => [...tallyAtRandom([0.5, 0.5], perMinute, random), 0])
      expect(said).toMatch(/alertname="GrpcLbSkewed".*service="service-0"/)
    },
    promtoolTimeoutMs,
  )
})

/** What promtool has to say of the claim that no service of many so balanced, for an hour, is ever about to be uneven. */
async function whatIsSaidOf(pods: number, balance: (calls: number, random: () => number) => number[]): Promise<string> {
  // Just above 100 calls a pod in 5 minutes, where noise is greatest.
  const perMinute = 21 * pods
  const input_series = Array.from({ length: services }, (_, service) => {
    const random = seededRandom(1000 * pods + service)
    const totals = new Array<number>(pods).fill(0)
    const counted = Array.from({ length: minutes }, () => {
      for (const [pod, calls] of balance(perMinute, random).entries()) totals[pod] = (totals[pod] ?? 0) + calls
      return [...totals]
    })
    return totals.flatMap((_, pod) => {
      const labels = `namespace="shop", service="service-${service}", app_kubernetes_io_name="a", pod="${service}-${pod}"`
      const method = 'grpc_type="unary", grpc_service="a.B", grpc_method="C"'
      const values = counted.map((total) => total[pod]).join(' ')
      const started = { series: `grpc_server_started_total{${labels}, ${method}}`, values }
      return [started, { series: `up{${labels}}`, values: `1x${minutes}` }]
    })
  }).flat()
  // Pending counts as well: noise must not even begin to look like it.
  const at = Array.from({ length: minutes / 5 - 2 }, (_, i) => `${10 + 5 * i}m`)
  const expr = 'sum by (alertname, service) (ALERTS{alertname="GrpcLbSkewed"})'
  const promql_expr_test = at.map((eval_time) => ({ expr, eval_time, exp_samples: [] }))
  const tests = [{ interval: '1m', input_series, promql_expr_test }]
  return whatPromtoolSays({ rule_files: [ruleFile], evaluation_interval: '1m', tests })
}

async function whatPromtoolSays(tests: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'evenly-rules-'))
  try {
    await writeFile(join(folder, 'noise.yaml'), stringify(tests, { aliasDuplicateObjects: false }))
    return await promtool('test', 'rules', join(folder, 'noise.yaml'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
