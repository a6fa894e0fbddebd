import type { Board } from './build/board.ts'
import { namespaceVariable, type QueryVariable, serviceVariable } from './build/variables.ts'
import { envoy } from './mesh/envoy.ts'
import { istio } from './mesh/istio.ts'
import { zones } from './mesh/zones.ts'

const started = 'grpc_server_started_total'

const cluster: QueryVariable = {
  name: 'cluster',
  label: 'Envoy cluster',
  description: 'What a proxy calls the service: outbound|PORT|SUBSET|HOST under Istio.',
  series: 'envoy_cluster_endpoint_rq_total{namespace=~"$namespace"}',
  values: 'envoy_cluster_name',
}

/** What do the proxies between clients and servers do? */
export const mesh: Board = {
  uid: 'evenly-mesh',
  title: 'Evenly / Mesh',
  description: 'Do the proxies see calls or only connections, and how do they spread them over pods and zones?',
  variables: [namespaceVariable(started), serviceVariable(started, 'the servers'), cluster],
  sections: [envoy, istio, zones],
}
