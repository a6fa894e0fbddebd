import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { runTool } from '../../chart/helm.ts'
import { Namespace } from './namespace.ts'

/** Why there is none; empty where there is one. */
export const noCluster = await whyNoCluster()

/** A suite in a namespace of its own on the current context's cluster; without a cluster it is skipped, and says why. */
export function onCluster(suite: string, body: (namespace: Namespace) => void): void {
  if (noCluster) process.stderr.write(`${suite}: skipped: ${noCluster}\n`)
  describe.skipIf(noCluster)(noCluster ? `${suite} (skipped: ${noCluster})` : suite, () => {
    const namespace = new Namespace(suite)
    let kept = false
    const keep = async () => {
      if (!kept) await namespace.keepArtefacts()
      kept = true
    }
    beforeAll(() => namespace.create())
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await keep()
    })
    // biome-ignore lint/correctness/noEmptyPattern: vitest takes nothing else here
    afterAll(async ({}, whole) => {
      // Also when no test failed but what prepares them did.
      if ([whole, ...whole.tasks].some(({ result }) => result?.state === 'fail')) await keep()
      await namespace.delete()
    })
    body(namespace)
  })
}

async function whyNoCluster(): Promise<string> {
  const configured = process.env.KUBECONFIG || process.env.KUBERNETES_SERVICE_HOST
  if (!configured && !existsSync(join(homedir(), '.kube/config'))) {
    return 'there is no kubeconfig; set KUBECONFIG, or write ~/.kube/config, to run this on a cluster'
  }
  const { code, stderr } = await runTool('kubectl', ['get', '--raw', '/readyz', '--request-timeout=5s'])
  if (code === 0) return ''
  const context = await runTool('kubectl', ['config', 'current-context'])
  const reason = stderr.trim().split('\n').at(-1)
  return `the cluster of the current context (${context.stdout.trim() || 'none'}) does not answer: ${reason}`
}
