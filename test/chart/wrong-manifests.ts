/** Manifests with one mistake each that a schema can see, and what is to be said of it. */
export const wrongManifests: readonly { what: string; manifest: string; problem: RegExp }[] = [
  {
    what: 'a Deployment with a misspelt field',
    manifest: deployment('replica: 3, selector: {}', '{name: a}'),
    problem: /^Deployment a: at '\/spec': additional properties 'replica' not allowed$/,
  },
  {
    what: 'a gRPC probe of a named port',
    manifest: deployment('selector: {}', '{name: a, livenessProbe: {grpc: {port: grpc}}}'),
    problem: /^Deployment a: at '.*\/livenessProbe\/grpc\/port': got string, want integer$/,
  },
  {
    what: 'a quantity that is none',
    manifest: deployment('selector: {}', '{name: a, resources: {requests: {cpu: 100mm, memory: 1Gi}}}'),
    problem: /^Deployment a: at '.*\/requests\/cpu': '100mm' does not match pattern/,
  },
  {
    what: 'a key that a ConfigMap has twice',
    manifest: `${object('v1', 'ConfigMap', 'data: {}')}\ndata: {a: b}`,
    problem: /^ConfigMap a: .*key "data" already set in map$/s,
  },
  {
    what: 'a GRPCRoute with timeouts, which HTTPRoutes have',
    manifest: object('gateway.networking.k8s.io/v1', 'GRPCRoute', 'spec: {rules: [{timeouts: {request: 1s}}]}'),
    problem: /^GRPCRoute a: at '\/spec\/rules\/0': additional properties 'timeouts' not allowed$/,
  },
  {
    what: 'a DestinationRule that balances in two ways at once',
    manifest: object(
      'networking.istio.io/v1',
      'DestinationRule',
      'spec: {host: a, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN, consistentHash: {useSourceIp: true}}}}',
    ),
    problem: /^DestinationRule a: at '\/spec\/trafficPolicy\/loadBalancer': 'oneOf' failed/,
  },
  {
    what: 'a BackendTrafficPolicy that balances in no known way',
    manifest: object(
      'gateway.envoyproxy.io/v1alpha1',
      'BackendTrafficPolicy',
      'spec: {loadBalancer: {type: LeastConnections}}',
    ),
    problem: /^BackendTrafficPolicy a: at '\/spec\/loadBalancer\/type': value must be one of .*'LeastRequest'/,
  },
  {
    what: 'a Server of Linkerd with a protocol in the wrong case',
    manifest: object('policy.linkerd.io/v1beta3', 'Server', 'spec: {podSelector: {}, port: grpc, proxyProtocol: grpc}'),
    problem: /^Server a: at '\/spec\/proxyProtocol': value must be one of .*'gRPC'/,
  },
  {
    what: 'a ServiceMonitor with a misspelt field',
    manifest: object(
      'monitoring.coreos.com/v1',
      'ServiceMonitor',
      'spec: {selector: {}, endpoints: [{port: metrics, honourLabels: true}]}',
    ),
    problem: /^ServiceMonitor a: at '\/spec\/endpoints\/0': additional properties 'honourLabels' not allowed$/,
  },
  {
    what: 'a GrafanaDashboard that names a ConfigMap and no file in it',
    manifest: object(
      'grafana.integreatly.org/v1beta1',
      'GrafanaDashboard',
      'spec: {instanceSelector: {}, configMapRef: {name: a}}',
    ),
    problem: /^GrafanaDashboard a: at '\/spec\/configMapRef': missing property 'key'$/,
  },
]

function deployment(spec: string, container: string): string {
  return object('apps/v1', 'Deployment', `spec: {${spec}, template: {spec: {containers: [${container}]}}}`)
}

function object(apiVersion: string, kind: string, rest: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n${rest}`
}
