import { stringify } from 'yaml'
import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import { runTool } from '../../chart/helm.ts'
import { linkerdPolicies } from '../../support/linkerd-policies.ts'

/**
 * Sees to it that the cluster knows Linkerd's policies, so that they can be tried without Linkerd. What is there already is
 * left alone: applying ours would replace Linkerd's own definitions, and deleting them would delete all its policies.
 *
 * @returns what takes away again what this has brought
 */
export async function provideLinkerdCrds(cluster: Cluster): Promise<() => Promise<unknown>> {
  const { code } = await runTool('kubectl', ['get', ...names()])
  if (code === 0) return async () => {}
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], definitions())
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names()])
  return () => cluster.kubectl(['delete', ...names()])
}

const names = (): string[] => linkerdPolicies().map(({ metadata }) => `crd/${metadata.name}`)

function definitions(): string {
  const labels = { 'app.kubernetes.io/part-of': 'evenly', 'app.kubernetes.io/managed-by': 'evenly-tests' }
  return linkerdPolicies()
    .map((definition) => stringify({ ...definition, metadata: { ...definition.metadata, labels } }))
    .join('---\n')
}
