import { describe, expect, it, vi } from 'vitest'
import type { Namespace } from '../../../scripts/cluster/namespace.ts'
import { replicasOf, workloadOf } from '../../../scripts/cluster/workloads.ts'

function namespaceOf(printed: string) {
  const kubectl = vi.fn(async (..._args: string[]) => printed)
  return { kubectl, namespace: { kubectl } as unknown as Namespace }
}

const servers =
  'app.kubernetes.io/instance=echo,app.kubernetes.io/component=server,!gateway.networking.k8s.io/gateway-name'

describe("a release's servers", () => {
  it('are run by what kubectl names', async () => {
    const { namespace, kubectl } = namespaceOf('deployment.apps/echo\n')
    expect(await workloadOf(namespace, 'echo')).toBe('deployment.apps/echo')
    expect(kubectl.mock.calls).toEqual([['get', 'deploy,sts', '-l', servers, '-o', 'name']])
  })

  it('should be as many as all workloads of theirs say', async () => {
    const { namespace, kubectl } = namespaceOf('{"items":[{"spec":{"replicas":3}},{"spec":{"replicas":2}}]}')
    expect(await replicasOf(namespace, 'echo')).toBe(5)
    expect(kubectl.mock.calls).toEqual([['get', 'deploy,sts', '-l', servers, '-o', 'json']])
  })
})
