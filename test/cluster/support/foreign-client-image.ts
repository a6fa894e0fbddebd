import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { whatItSays } from '../../../scripts/lib/tools.ts'
import { projectRoot } from '../../chart/helm.ts'
import { buildForeignClient, noForeignClient } from '../../lookaside/support/foreign-client.ts'

/** The image of test/lookaside/fixtures/foreign-client, as the cluster's nodes know it. */
export const foreignClientImage = 'localhost/evenly-foreign-client:test'

const dockerfile = join(import.meta.dirname, '../../lookaside/fixtures/foreign-client/Dockerfile')

/** What is missing to build the image and to load it, in a sentence; '' when nothing is. */
export const noForeignClientImage = noForeignClient || (await whyNotLoaded())

/** Builds the program, the image of it, and has EVENLY_CLUSTER_LOAD bring it to the nodes. */
export async function loadForeignClient(): Promise<void> {
  const { folder, remove } = await buildForeignClient()
  try {
    const run = promisify(execFile)
    await run('buildah', ['build', '-f', dockerfile, '-t', foreignClientImage, folder], { maxBuffer: 1 << 26 })
    const load = process.env.EVENLY_CLUSTER_LOAD ?? ''
    await run('sh', ['-c', `${load} "$1"`, 'sh', foreignClientImage], { cwd: projectRoot, maxBuffer: 1 << 26 })
  } finally {
    await remove()
  }
}

async function whyNotLoaded(): Promise<string> {
  if ((await whatItSays('buildah', ['--version'])) === '') return 'there is no buildah on PATH to build its image with'
  if (process.env.EVENLY_CLUSTER_LOAD) return ''
  return "EVENLY_CLUSTER_LOAD is not set: make it the command that takes an image from buildah's storage to the nodes"
}
