import { stringify } from 'yaml'
import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import { runTool } from '../../chart/helm.ts'
import type { CustomResourceDefinition } from '../../support/custom-resource.ts'

/**
 * Sees to it that the cluster knows these kinds, so that objects can be tried without what acts on them. What is there
 * already is left alone: applying ours would replace the product's own definitions, and deleting them would delete all its
 * objects.
 *
 * @returns what takes away again what this has brought
 */
export async function provideCrds(
  cluster: Cluster,
  definitions: readonly CustomResourceDefinition[],
): Promise<() => Promise<unknown>> {
  const names = definitions.map(({ metadata }) => `crd/${metadata.name}`)
  const { code } = await runTool('kubectl', ['get', ...names])
  if (code === 0) return async () => {}
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], manifests(definitions))
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names])
  return () => cluster.kubectl(['delete', ...names])
}

function manifests(definitions: readonly CustomResourceDefinition[]): string {
  const labels = { 'app.kubernetes.io/part-of': 'evenly', 'app.kubernetes.io/managed-by': 'evenly-tests' }
  return definitions
    .map((definition) => stringify({ ...definition, metadata: { ...definition.metadata, labels } }))
    .join('---\n')
}
