import { beforeAll } from 'vitest'
import { runTool } from '../../chart/helm.ts'
import { whereThereIs } from '../../support/where-there-is.ts'
import type { Namespace } from './namespace.ts'
import { onCluster } from './on-cluster.ts'

const crd = 'destinationrules.networking.istio.io'
const noIstio = (await runTool('kubectl', ['get', 'crd', crd])).code === 0 ? '' : 'the cluster has no Istio'

/** A suite in a namespace that Istio puts sidecars into. Without Istio it is skipped and says why; in CI it then fails. */
export function onIstio(suite: string, body: (namespace: Namespace) => void): void {
  whereThereIs(suite, noIstio, () => {
    onCluster(suite, (namespace) => {
      beforeAll(async () => {
        // What prepares a sidecar's network may do more than `restricted` allows, unless Istio's CNI plugin does it.
        const labels = ['istio-injection=enabled', 'pod-security.kubernetes.io/enforce-']
        await namespace.cluster.kubectl(['label', 'namespace', namespace.name, '--overwrite', ...labels])
      })
      body(namespace)
    })
  })
}
