import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { tool } from '../scripts/lib/tools.ts'

const rounds = 20
const root = resolve(import.meta.dirname, '..')

/**
 * What it costs to render the chart: CPU time of `helm template` with each values file, against a chart with nothing in
 * it, which is what Helm itself takes. One run of each follows another, so that all meet the same machine.
 */
export async function benchChart(): Promise<void> {
  const helm = await tool('helm')
  const empty = await makeEmptyChart()
  try {
    const files = readdirSync(join(root, 'values')).filter((file) => file.endsWith('.yaml'))
    const arms = [
      { name: 'an empty chart', args: [empty] },
      { name: '(defaults)', args: ['charts/echo'] },
      ...files.map((file) => ({ name: `values/${file}`, args: ['charts/echo', '-f', `values/${file}`] })),
    ].map((arm) => ({ ...arm, milliseconds: [] as number[] }))

    console.log(`CPU of helm template, user and system, median of ${rounds} runs each`)
    for (let round = 0; round <= rounds; round++) {
      for (const { args, milliseconds } of arms) {
        const taken = await cpuMilliseconds(helm, ['template', 'x', ...args])
        // The first round only warms the caches.
        if (round > 0) milliseconds.push(taken)
      }
    }

    const medians = arms.map(({ milliseconds }) => median(milliseconds))
    const [base = 0] = medians
    const width = Math.max(...arms.map(({ name }) => name.length))
    console.log(`\n${''.padEnd(width)}   median ms   above empty`)
    for (const [i, { name }] of arms.entries()) {
      const above = i === 0 ? '' : ((medians[i] ?? 0) - base).toFixed(1)
      console.log(`${name.padEnd(width)}   ${medians[i]?.toFixed(1).padStart(9)}   ${above.padStart(11)}`)
    }
  } finally {
    await rm(empty, { recursive: true })
  }
}

async function makeEmptyChart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'evenly-empty-'))
  await writeFile(join(folder, 'Chart.yaml'), JSON.stringify({ apiVersion: 'v2', name: 'empty', version: '1.0.0' }))
  return folder
}

/** Node does not tell what its children have used, and bash does. */
async function cpuMilliseconds(program: string, args: readonly string[]): Promise<number> {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null'
  const { stderr } = await promisify(execFile)('bash', ['-ec', script, 'bash', program, ...args], { cwd: root })
  const [, user, system] = /^(\d+[.,]\d+) (\d+[.,]\d+)\s*$/.exec(stderr) ?? []
  if (user === undefined || system === undefined) throw new Error(stderr)
  return (Number(user.replace(',', '.')) + Number(system.replace(',', '.'))) * 1000
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] as number
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2
}
