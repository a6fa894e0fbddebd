/** An object, and a patch that kubectl and applyPatches shall understand alike. */
export interface PatchCase {
  readonly it: string
  /** YAML. */
  readonly object: string
  readonly patch: string
}

export const deployment = (spec: string, name = 'orders') =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: shop}, spec: ${spec}}`
export const pods = (spec: string) => deployment(`{template: {spec: ${spec}}}`)
const service = (spec: string, metadata = '') =>
  `{apiVersion: v1, kind: Service, metadata: {name: orders, namespace: shop${metadata}}, spec: ${spec}}`
const custom = (apiVersion: string, kind: string, spec: string) =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: orders, namespace: shop}, spec: ${spec}}`
const route = (spec: string) => custom('gateway.networking.k8s.io/v1', 'GRPCRoute', spec)
export const rule = (spec: string) => custom('networking.istio.io/v1', 'DestinationRule', spec)

export const patchCases: readonly PatchCase[] = [
  {
    it: 'sets a field beside others',
    object: deployment('{replicas: 3, paused: true}'),
    patch: deployment('{replicas: 5}'),
  },
  {
    it: 'makes maps on the way',
    object: deployment('{}'),
    patch: deployment('{template: {metadata: {labels: {app: orders}}}}'),
  },
  {
    it: 'takes a field away by null',
    object: deployment('{replicas: 3, paused: true}'),
    patch: deployment('{replicas: null}'),
  },
  {
    it: 'takes away by null what is not there',
    object: deployment('{paused: true}'),
    patch: deployment('{replicas: null}'),
  },
  {
    it: 'takes an annotation away by null',
    object: service('{}', ', annotations: {a: "1", b: "2"}'),
    patch: service('{}', ', annotations: {a: null}'),
  },
  {
    it: 'replaces a map by null and nothing else',
    object: service('{selector: {a: b}, type: ClusterIP}'),
    patch: service('{selector: null}'),
  },
  {
    it: 'merges containers by their names',
    object: pods('{containers: [{name: echo, image: a, tty: true}, {name: other, image: b}]}'),
    patch: pods('{containers: [{name: other, image: c}]}'),
  },
  {
    it: 'adds a container',
    object: pods('{containers: [{name: echo, image: a}]}'),
    patch: pods('{containers: [{name: other, image: c}]}'),
  },
  {
    it: 'deletes a container',
    object: pods('{containers: [{name: echo, image: a}, {name: other, image: b}]}'),
    patch: pods('{containers: [{name: other, $patch: delete}]}'),
  },
  {
    it: 'replaces arguments as a whole',
    object: pods('{containers: [{name: echo, args: [-s, --grpc-web]}]}'),
    patch: pods('{containers: [{name: echo, args: [-s]}]}'),
  },
  {
    it: 'merges variables by their names',
    object: pods('{containers: [{name: echo, env: [{name: A, value: "1"}, {name: B, value: "2"}]}]}'),
    patch: pods('{containers: [{name: echo, env: [{name: B, value: "3"}, {name: C, value: "4"}]}]}'),
  },
  {
    it: 'merges ports of containers by their numbers',
    object: pods(
      '{containers: [{name: echo, ports: [{containerPort: 8080, name: http}, {containerPort: 9464, name: admin}]}]}',
    ),
    patch: pods('{containers: [{name: echo, ports: [{containerPort: 8080, name: grpc}]}]}'),
  },
  {
    it: 'merges ports of Services by their numbers',
    object: service('{ports: [{port: 8080, name: http}, {port: 9464, name: admin}]}'),
    patch: service('{ports: [{port: 8080, appProtocol: grpc}]}'),
  },
  {
    it: 'renames a port',
    object: service('{ports: [{port: 8080, name: http, targetPort: 8080}]}'),
    patch: service('{ports: [{port: 8080, name: grpc}]}'),
  },
  {
    it: 'merges init containers by their names',
    object: pods('{initContainers: [{name: proxy, image: a}], containers: []}'),
    patch: pods('{initContainers: [{name: proxy, restartPolicy: Always}]}'),
  },
  {
    it: 'moves a container among the init containers',
    object: pods('{containers: [{name: echo, image: a}, {name: proxy, image: b}]}'),
    patch: pods(
      '{containers: [{name: proxy, $patch: delete}], initContainers: [{name: proxy, image: b, restartPolicy: Always}]}',
    ),
  },
  {
    it: 'changes a probe from one kind to another',
    object: pods('{containers: [{name: echo, readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]}'),
    patch: pods('{containers: [{name: echo, readinessProbe: {tcpSocket: null, grpc: {port: 8080}}}]}'),
  },
  {
    it: 'merges volumes and mounts',
    object: pods(
      '{volumes: [{name: a, emptyDir: {}}], containers: [{name: echo, volumeMounts: [{name: a, mountPath: /a}]}]}',
    ),
    patch: pods(
      '{volumes: [{name: b, emptyDir: {}}], containers: [{name: echo, volumeMounts: [{name: b, mountPath: /b}]}]}',
    ),
  },
  {
    it: 'replaces lists of custom resources that have names',
    object: rule('{host: orders, subsets: [{name: v1, labels: {a: b}}, {name: v2}]}'),
    patch: rule('{subsets: [{name: v2, labels: {c: d}}]}'),
  },
  {
    it: 'replaces lists of Gateway API',
    object: route('{parentRefs: [{name: a, sectionName: b}], hostnames: [x]}'),
    patch: route('{parentRefs: [{name: a}]}'),
  },
  {
    it: 'takes a field of a custom resource away by null, and makes another',
    object: rule('{host: orders, trafficPolicy: {tls: {mode: DISABLE}, loadBalancer: {simple: RANDOM}}}'),
    patch: rule('{trafficPolicy: {tls: null, outlierDetection: {baseEjectionTime: 30s}}}'),
  },
  {
    it: 'deletes a custom resource',
    object: custom('linkerd.io/v1alpha2', 'ServiceProfile', '{routes: []}'),
    patch:
      '{apiVersion: linkerd.io/v1alpha2, kind: ServiceProfile, metadata: {name: orders, namespace: shop}, $patch: delete}',
  },
  {
    it: 'deletes a Deployment',
    object: deployment('{replicas: 3}'),
    patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: orders, namespace: shop}, $patch: delete}',
  },
  {
    it: 'merges an autoscaler, whose group has a dot but is Kubernetes’ own',
    object: custom('policy/v1', 'PodDisruptionBudget', '{minAvailable: 2, selector: {matchLabels: {a: b}}}'),
    patch: custom('policy/v1', 'PodDisruptionBudget', '{minAvailable: null, maxUnavailable: 1}'),
  },
  {
    it: 'merges secrets for images by their names',
    object: pods('{imagePullSecrets: [{name: a}], containers: []}'),
    patch: pods('{imagePullSecrets: [{name: b}]}'),
  },
  {
    it: 'replaces headers of a probe',
    object: pods(
      '{containers: [{name: echo, livenessProbe: {httpGet: {port: 1, httpHeaders: [{name: a, value: b}]}}}]}',
    ),
    patch: pods('{containers: [{name: echo, livenessProbe: {httpGet: {httpHeaders: [{name: c, value: d}]}}}]}'),
  },
  {
    it: 'replaces subjects of a RoleBinding',
    object:
      '{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a, namespace: shop}, subjects: [{kind: User, name: a}]}',
    patch:
      '{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a, namespace: shop}, subjects: [{kind: User, name: b}]}',
  },
  {
    it: 'replaces metrics of an autoscaler',
    object: custom(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      '{maxReplicas: 5, metrics: [{type: Pods}, {type: Object}]}',
    ),
    patch: custom('autoscaling/v2', 'HorizontalPodAutoscaler', '{metrics: [{type: Resource}]}'),
  },
  {
    it: 'replaces rules of an Ingress',
    object: custom('networking.k8s.io/v1', 'Ingress', '{rules: [{host: a}, {host: b}]}'),
    patch: custom('networking.k8s.io/v1', 'Ingress', '{rules: [{host: c}]}'),
  },
  {
    it: 'merges rules of spread by their key',
    object: pods(
      '{topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}], containers: []}',
    ),
    patch: pods('{topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2, whenUnsatisfiable: DoNotSchedule}]}'),
  },
  {
    it: 'replaces the containers of an Argo Rollout',
    object: custom(
      'argoproj.io/v1alpha1',
      'Rollout',
      '{template: {spec: {containers: [{name: a, image: b}, {name: c}]}}}',
    ),
    patch: custom('argoproj.io/v1alpha1', 'Rollout', '{template: {spec: {containers: [{name: a, tty: true}]}}}'),
  },
  {
    it: 'gives a variable another source',
    object: pods('{containers: [{name: echo, env: [{name: A, valueFrom: {configMapKeyRef: {name: a, key: b}}}]}]}'),
    patch: pods('{containers: [{name: echo, env: [{name: A, value: b, valueFrom: null}]}]}'),
  },
  {
    it: 'tells ports of one number apart by their protocols',
    object: service('{ports: [{port: 53, protocol: TCP, name: a}, {port: 53, protocol: UDP, name: b}]}'),
    patch: service('{ports: [{port: 53, protocol: UDP, name: c}]}'),
  },
  {
    it: 'passes over a port whose protocol the patch leaves out',
    object: service('{ports: [{port: 8080, protocol: TCP, name: a}]}'),
    patch: service('{ports: [{port: 8080, appProtocol: grpc}]}'),
  },
  {
    it: 'passes over a port of a container whose protocol the patch leaves out',
    object: pods('{containers: [{name: echo, ports: [{containerPort: 8080, protocol: TCP, name: a}]}]}'),
    patch: pods('{containers: [{name: echo, ports: [{containerPort: 8080, name: b}]}]}'),
  },
  {
    it: 'passes over a port whose protocol the object leaves out',
    object: service('{ports: [{port: 8080, name: a}, {port: 8081, name: b}]}'),
    patch: service('{ports: [{port: 8080, protocol: TCP, appProtocol: grpc}]}'),
  },
  {
    it: 'merges a port of a container with its protocol',
    object: pods('{containers: [{name: echo, ports: [{containerPort: 8080, protocol: TCP, name: a}]}]}'),
    patch: pods('{containers: [{name: echo, ports: [{containerPort: 8080, protocol: TCP, name: b}]}]}'),
  },
  {
    it: 'gives a namespace a label',
    object: '{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {a: b}}}',
    patch: '{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}',
  },
]
