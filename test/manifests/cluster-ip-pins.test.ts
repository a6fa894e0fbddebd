import { describe, expect, it } from 'vitest'
import { clusterIpPins } from '../../scripts/lib/manifest-rules/rules/cluster-ip-pins.ts'
import { client, findingsOf, found, headless, mended, servers, service } from '../support/shop.ts'

const told = (container: object, parts: object = {}) =>
  client([], { container: { args: undefined, image: 'acme/web:1', ...container }, ...parts })
const pinned = 'error Job shop/client spec.template.spec.containers[0]'
const tested = { metadata: { annotations: { 'helm.sh/hook': 'test' } } }
const route = (kind: string, spec: object, namespace = 'shop') => ({
  apiVersion: 'x.example/v1',
  kind,
  metadata: { name: 'route', namespace },
  spec,
})
const elsewhere = (kind: string, spec: object) => route(kind, spec, 'elsewhere')
const argsOf = (object: ReturnType<typeof servers>): string[] => object.spec.template.spec.containers[0].args
const of = (...objects: object[]) => found(clusterIpPins, objects)

describe('a client is pinned by a virtual IP', () => {
  it.each([
    ['in an argument', told({ args: ['serve', '--orders=orders:8080'] }), `${pinned}.args[1]`],
    ['in a command', told({ command: ['web', 'orders:8080'] }), `${pinned}.command[1]`],
    ['in its environment', told({ env: [{ name: 'ORDERS', value: 'orders:8080' }] }), `${pinned}.env[0].value`],
    ['by a scheme of gRPC', told({ args: ['dns:///orders:8080'] }), `${pinned}.args[0]`],
    ['as a URL', told({ args: ['http://orders:8080'] }), `${pinned}.args[0]`],
    ['by a full name', told({ args: ['orders.shop.svc.cluster.local:8080'] }), `${pinned}.args[0]`],
    [
      'from another namespace',
      told({ args: ['orders.shop:8080'] }, { metadata: { namespace: 'elsewhere' } }),
      'error Job elsewhere/client spec.template.spec.containers[0].args[0]',
    ],
  ])('that it is told %s', (_, caller, place) => {
    expect(of(service(), servers(), caller)).toEqual([place])
  })

  it.each([
    ['by a variable', { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'web', key: 'a' } } }] }],
    ['by all variables', { envFrom: [{ configMapRef: { name: 'web' } }] }],
    ['as a file', { volumeMounts: [{ name: 'web', mountPath: '/etc/web' }] }],
  ])('that stands in a ConfigMap that it is given %s', (_, container) => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', namespace: 'shop' },
      data: { a: 'orders: orders:8080\n' },
    }
    const caller = told(container, { pod: { volumes: [{ name: 'web', configMap: { name: 'web' } }] } })
    expect(of(service(), servers(), map, caller)).toEqual(['error ConfigMap shop/web data.a'])
    const [, , , mendedMap] = mended(clusterIpPins, [service(), servers(), caller, map])
    expect(mendedMap.data.a).toBe('orders: dns:///orders-headless:8080\n')
  })

  it('and each of several by itself', () => {
    const other = client(['-h', 'orders:8080'], { metadata: { name: 'other' } })
    expect(of(service(), servers(), client(['-h', 'orders:8080']), other)).toHaveLength(2)
  })

  it('behind a LoadBalancer and a NodePort as well', () => {
    for (const type of ['LoadBalancer', 'NodePort']) {
      expect(of(service({ type }), servers(), client(['-h', 'orders:8080']))).toEqual([`${pinned}.args[1]`])
    }
  })

  it('when it is told that policy in words', () => {
    expect(of(service(), servers(), client(['-h', 'orders:8080', '--lb-policy=pick_first']))).toHaveLength(1)
  })

  it('when only the servers have a sidecar', () => {
    expect(
      of(service(), servers({ labels: { 'sidecar.istio.io/inject': 'true' } }), client(['-h', 'orders:8080'])),
    ).toEqual([`${pinned}.args[1]`])
  })
})

describe('whoever is told of a virtual IP is not said to be pinned', () => {
  it.each([
    ['with a sidecar of Istio', { labels: { 'sidecar.istio.io/inject': 'true' } }],
    ['with a sidecar of Linkerd', { annotations: { 'linkerd.io/inject': 'enabled' } }],
    ['as a test of the release', tested],
  ])('%s', (_, parts) => {
    expect(of(service(), servers(), client(['-h', 'orders:8080'], parts)).filter((each) => /Job/.test(each))).toEqual(
      [],
    )
  })

  it.each([
    ['by xds', ['xds:///orders:8080']],
    ['by a resolver that watches', ['kubernetes:///orders:8080', '--policy=round_robin']],
    ['with a policy, which another rule looks at', ['orders:8080', 'round_robin']],
    ['at a port that does not speak gRPC', ['orders:9090']],
    ['of another namespace', ['orders.other:8080']],
    ['that is a headless one', ['orders-headless:8080']],
  ])('%s', (_, args) => {
    const both = service({
      ports: [
        { name: 'grpc', port: 8080 },
        { name: 'metrics', port: 9090 },
      ],
    })
    const objects = [both, headless({}, { name: 'orders-headless' }), servers(), told({ args })]
    expect(of(...objects)).toEqual([])
  })

  it('with --mesh, when nothing says otherwise', () => {
    const objects = [service(), servers(), client(['-h', 'orders:8080'])]
    expect(found(clusterIpPins, objects, { mesh: 'istio' })).toEqual([])
    const apart = client(['-h', 'orders:8080'], { labels: { 'sidecar.istio.io/inject': 'false' } })
    expect(found(clusterIpPins, [service(), servers(), apart], { mesh: 'istio' })).toHaveLength(1)
  })

  it.each([
    ['asks for the pod on its own node', { internalTrafficPolicy: 'Local' }],
    ['prefers the pod on its own node', { trafficDistribution: 'PreferSameNode' }],
    ['has no selector', { selector: undefined }],
    ['is a name of another host', { type: 'ExternalName', externalName: 'orders.example' }],
  ])('through a Service that %s', (_, spec) => {
    expect(of(service(spec), servers(), client(['-h', 'orders:8080']))).toEqual([])
  })

  it('as one of the pods behind it', () => {
    const member = servers({ container: { args: ['--peers=orders:8080'] } })
    expect(of(service(), headless({}, { name: 'orders-headless' }), member)).toEqual([])
  })
})

describe('a Service with a virtual IP whose callers are not to be seen', () => {
  it('pins them, as nothing balances', () => {
    expect(of(service(), servers())).toEqual(['error Service shop/orders spec.type'])
    expect(of(service(), servers(), client(['-h', 'orders:8080'], tested))).toEqual([
      'error Service shop/orders spec.type',
    ])
  })

  it.each([
    ['there is one pod', service(), servers({ spec: { replicas: 1 } })],
    [
      'the number of its port is all that speaks for gRPC',
      service({ ports: [{ port: 50051 }] }),
      servers({ container: { ports: [] } }),
    ],
    ['a balancer may stand before it', service({ type: 'LoadBalancer' }), servers()],
  ])('may pin them, when %s', (_, ...objects) => {
    expect(of(...objects)).toEqual(['advice Service shop/orders spec.type'])
  })

  it('pins them when an autoscaler may raise one pod to more', () => {
    const autoscaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'orders', namespace: 'shop' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'orders' }, maxReplicas: 4 },
    }
    const [finding] = findingsOf(clusterIpPins, [service(), servers({ spec: { replicas: undefined } }), autoscaler])
    expect(finding).toMatchObject({ severity: 'error', message: expect.stringContaining('one of 4 pods') })
  })

  it.each([
    ['a headless twin', headless({}, { name: 'orders-headless' })],
    ['a route of gRPC', route('GRPCRoute', { rules: [{ backendRefs: [{ name: 'orders', port: 8080 }] }] })],
    [
      'a route from another namespace',
      elsewhere('HTTPRoute', { rules: [{ backendRefs: [{ name: 'orders', namespace: 'shop' }] }] }),
    ],
    ['an Ingress', route('Ingress', { rules: [{ http: { paths: [{ backend: { service: { name: 'orders' } } }] } }] })],
    ['the default of an Ingress', route('Ingress', { defaultBackend: { service: { name: 'orders' } } })],
    ['a VirtualService', route('VirtualService', { hosts: ['orders.shop.svc.cluster.local'] })],
    ['a route of Traefik', route('IngressRoute', { routes: [{ services: [{ name: 'orders' }] }] })],
    ['a Mapping', route('Mapping', { service: 'http://orders.shop:8080' })],
    ['a caller in a mesh', client(['-h', 'orders:8080'], { labels: { 'sidecar.istio.io/inject': 'true' } })],
  ])('is left alone for %s', (_, object) => {
    expect(of(service(), servers(), object)).toEqual([])
  })

  it('is not left alone for a route to another', () => {
    const other = route('GRPCRoute', { rules: [{ backendRefs: [{ name: 'stock', port: 8080 }] }] })
    const same = elsewhere('GRPCRoute', { rules: [{ backendRefs: [{ name: 'orders', port: 8080 }] }] })
    expect(of(service(), servers(), other, same)).toHaveLength(1)
  })

  it.each([
    ['servers in a mesh', servers({ annotations: { 'linkerd.io/inject': 'enabled' } })],
    ['servers for proxyless clients', servers({ annotations: { 'inject.istio.io/templates': 'grpc-agent' } })],
    ['pods that no workload here has', servers({ metadata: { namespace: 'other' } })],
    ['nobody but jobs of another name', client(['-s'])],
  ])('is left alone for %s', (_, object) => {
    expect(of(service(), object)).toEqual([])
  })

  it.each([
    ['a port of xDS', { ports: [{ name: 'grpc-xds', port: 15010 }] }],
    ['grpc-web, which is HTTP/1.1 too', { ports: [{ name: 'grpc-web', port: 8081 }] }],
    ['no port of gRPC', { ports: [{ name: 'http', port: 80, targetPort: 9090 }] }],
  ])('is left alone for %s', (_, spec) => {
    expect(of(service(spec), servers())).toEqual([])
  })

  it('is left alone when annotations tell a proxy about it', () => {
    const annotations = { 'traefik.ingress.kubernetes.io/service.serversscheme': 'h2c' }
    expect(of(service({}, { annotations }), servers())).toEqual([])
  })
})

describe('it is not sure that a client is pinned', () => {
  it.each([
    ['by a single pod', servers({ spec: { replicas: 1 } }), client(['-h', 'orders:8080'])],
    ['when it is a proxy', servers(), told({ image: 'envoyproxy/envoy:v1.31', args: ['orders:8080'] })],
    ['when a word is all that it is told', servers(), told({ env: [{ name: 'OTEL_SERVICE_NAME', value: 'orders' }] })],
  ])('%s', (_, server, caller) => {
    expect(of(service(), server, caller)).toEqual([expect.stringMatching(/^advice Job shop\/client/)])
  })
})

describe('the patch for a pinned client', () => {
  it('adds a headless Service with the numbers that the pods listen at, and calls that', () => {
    const translated = service({
      type: 'NodePort',
      ports: [{ name: 'grpc', port: 80, targetPort: 'grpc', nodePort: 30080 }],
    })
    const [, deployment, job, twin] = mended(clusterIpPins, [translated, servers(), client(['-h', 'orders:80'])])
    expect(twin).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'orders-headless', namespace: 'shop' },
      spec: {
        clusterIP: 'None',
        selector: { app: 'orders' },
        ports: [{ name: 'grpc', port: 8080, targetPort: 'grpc' }],
      },
    })
    expect(argsOf(job)).toEqual(['-h', 'dns:///orders-headless:8080', '--lb-policy=round_robin'])
    expect(argsOf(deployment)).toEqual(['-s', '--max-connection-age-seconds=30'])
  })

  it('calls the headless Service that is there', () => {
    const twin = headless({}, { name: 'orders-pods' })
    const far = client(['-h', 'orders.shop:8080'], { metadata: { namespace: 'elsewhere' } })
    const objects = mended(clusterIpPins, [service(), twin, servers(), far])
    expect(objects).toHaveLength(4)
    expect(argsOf(objects[3])[1]).toBe('dns:///orders-pods.shop:8080')
  })

  it('gives servers no age that have one, and those that are not ours none', () => {
    const aged = servers({ container: { args: ['-s', '--max-connection-age-seconds=60'] } })
    const foreign = servers({ container: { image: 'acme/orders:1' } })
    for (const server of [aged, foreign]) {
      expect(mended(clusterIpPins, [service(), server, client(['-h', 'orders:8080'])])[1]).toEqual(
        JSON.parse(JSON.stringify(server)),
      )
    }
  })

  it('is none where a mesh is there already: a headless name would go around it', () => {
    const meshed = servers({ labels: { 'sidecar.istio.io/inject': 'true' } })
    const rule = route('VirtualService', { hosts: ['orders'], http: [{ retries: { attempts: 2 } }] })
    for (const objects of [[meshed], [servers(), rule]]) {
      const [finding] = findingsOf(clusterIpPins, [service(), ...objects, client(['-h', 'orders:8080'])])
      expect(finding).toMatchObject({
        severity: 'error',
        patch: undefined,
        message: expect.stringContaining('a sidecar'),
      })
    }
  })

  it('leaves URLs to whoever knows what to make of them', () => {
    const caller = told({ env: [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://orders:8080' }] })
    const [, , job, twin] = mended(clusterIpPins, [service(), servers(), caller])
    expect(job).toEqual(JSON.parse(JSON.stringify(caller)))
    expect(twin.metadata.name).toBe('orders-headless')
  })
})
