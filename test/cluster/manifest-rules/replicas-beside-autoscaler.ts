import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from '../../chart/helm.ts'
import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/**
 * Helm 4 installs the example, the autoscaler raises it from 2 pods to 3, and Helm upgrades it. `refused`: the API server does
 * not take that, for the replicas; `accepted`: it does.
 */
export async function measure(stage: Stage): Promise<Observation> {
  const chart = await mkdtemp(join(tmpdir(), 'evenly-'))
  try {
    await write(chart, stage, '1')
    await upgrade(chart, stage)
    await stage.untilServers(3)
    await write(chart, stage, '2')
    const { code, stderr } = await upgrade(chart, stage)
    const figures = stderr.trim().split('\n').at(-1) ?? ''
    if (code === 0) return { measured: 'accepted', figures: 'the second upgrade went through' }
    if (/conflict/.test(figures) && figures.includes('.spec.replicas')) return { measured: 'refused', figures }
    throw new Error(`helm failed for another reason: ${stderr}`)
  } finally {
    await rm(chart, { recursive: true })
  }
}

/** The example as a chart. */
async function write(folder: string, { objects }: Stage, version: string): Promise<void> {
  await mkdir(join(folder, 'templates'), { recursive: true })
  await writeFile(join(folder, 'Chart.yaml'), `apiVersion: v2\nname: orders\nversion: ${version}.0.0\n`)
  const versioned = objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { version: `v${version}` } },
  }))
  const text = versioned.map((object) => JSON.stringify(object)).join('\n---\n')
  await writeFile(join(folder, 'templates/all.yaml'), text)
}

const upgrade = (chart: string, { objects }: Stage) =>
  runTool('helm', ['upgrade', '--install', 'orders', chart, '-n', objects[0].metadata.namespace])
