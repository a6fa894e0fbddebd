import { sum } from './counts.ts'
import type { Namespace } from './namespace.ts'
import { gatewayLabel } from './pod.ts'

/** Kind and name of what runs a release's servers, as kubectl takes them. */
export async function workloadOf(namespace: Namespace, release: string): Promise<string> {
  return (await get(namespace, release, 'name')).trim()
}

/** Servers of a release that there should be. */
export async function replicasOf(namespace: Namespace, release: string): Promise<number> {
  const { items }: { items: { spec: { replicas: number } }[] } = JSON.parse(await get(namespace, release, 'json'))
  return sum(items.map(({ spec }) => spec.replicas))
}

function get(namespace: Namespace, release: string, output: 'name' | 'json'): Promise<string> {
  const servers = `app.kubernetes.io/instance=${release},app.kubernetes.io/component=server,!${gatewayLabel}`
  return namespace.kubectl('get', 'deploy,sts', '-l', servers, '-o', output)
}
