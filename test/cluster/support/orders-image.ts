import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll } from 'vitest'
import { whatItSays } from '../../../scripts/lib/tools.ts'
import { projectRoot } from '../../chart/helm.ts'
import { whereThereIs } from '../../support/where-there-is.ts'

/** The image of the service in fixtures/orders, as the cluster's nodes know it. */
export const ordersImage = { repository: 'localhost/evenly-orders', tag: 'test', name: 'localhost/evenly-orders:test' }

const fixture = join(import.meta.dirname, '../fixtures/orders')
const whyNot = await whyNoImage()

/** Suites whose pods run that image. Where it cannot be built and loaded they are skipped and say why; in CI they fail. */
export function withOrdersImage(body: () => void): void {
  whereThereIs('orders', whyNot, () => {
    beforeAll(() => buildAndLoad(process.env.EVENLY_CLUSTER_LOAD ?? ''))
    body()
  })
}

/** Builds both programs, static, and the image of them, and has `load` bring it to the nodes. */
async function buildAndLoad(load: string): Promise<void> {
  const image = ordersImage.name
  const context = await mkdtemp(join(tmpdir(), 'evenly-orders-'))
  try {
    const flags = ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s', '-o', context, '.', './buy']
    await run('go', flags, { cwd: fixture, env: { ...process.env, CGO_ENABLED: '0' } })
    await run('buildah', ['build', '-f', join(fixture, 'Dockerfile'), '-t', image, context])
    await run('sh', ['-c', `${load} "$1"`, 'sh', image], { cwd: projectRoot })
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

async function run(program: string, args: readonly string[], options: object = {}): Promise<void> {
  await promisify(execFile)(program, [...args], { maxBuffer: 1 << 26, ...options })
}

/** What is missing to build the image and to load it, in a sentence; '' when nothing is. */
async function whyNoImage(): Promise<string> {
  for (const [program, version] of [['go', 'version'] as const, ['buildah', '--version'] as const]) {
    if ((await whatItSays(program, [version])) === '') return `there is no ${program} on PATH to build their image with`
  }
  if (process.env.EVENLY_CLUSTER_LOAD) return ''
  return "EVENLY_CLUSTER_LOAD is not set: make it the command that takes an image from buildah's storage to the nodes"
}
