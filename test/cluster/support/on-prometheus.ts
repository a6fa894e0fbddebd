import { whereThereIs } from '../../support/where-there-is.ts'
import type { Namespace } from './namespace.ts'
import { onCluster } from './on-cluster.ts'
import { noOperatorPrometheus, OperatorPrometheus } from './operator-prometheus.ts'

/**
 * A suite on a cluster where a Prometheus of the Operator takes every monitor and every rule. Without one it is skipped and
 * says why; in CI it then fails.
 */
export function onPrometheus(
  suite: string,
  body: (namespace: Namespace, prometheus: OperatorPrometheus) => void,
): void {
  whereThereIs(suite, noOperatorPrometheus, () => {
    onCluster(suite, (namespace) => body(namespace, new OperatorPrometheus(namespace.cluster)))
  })
}
