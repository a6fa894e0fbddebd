import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Manifest, objectsIn, projectRoot, render } from '../chart/helm.ts'
import { valuesFiles } from '../chart/values-files.ts'
import { ambientFindings } from './checks/ambient.ts'
import { destinationRuleFindings } from './checks/destination-rules.ts'
import { gatewayApiFindings } from './checks/gateway-api.ts'
import { type Finding, MeshConfig } from './checks/mesh-config.ts'
import { serviceFindings } from './checks/services.ts'
import { virtualServiceFindings } from './checks/virtual-services.ts'

const checks = [serviceFindings, destinationRuleFindings, virtualServiceFindings, gatewayApiFindings, ambientFindings]

const findingsIn = (objects: readonly Manifest[]): Finding[] =>
  checks.flatMap((check) => check(new MeshConfig(objects)))
const codesOf = (findings: readonly Finding[]) => [...new Set(findings.map(({ code, object }) => `${code} ${object}`))]

/** What Kiali says of a render, and why that is as it should be. */
const onPurpose: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'values/gateway-api-mesh.yaml': { 'KIA1402 GRPCRoute x-echo-mesh': 'routes to a release of another name, below' },
  'values/istio-canary.yaml': { 'KIA1101 VirtualService x-echo': 'routes to a release of another name, below' },
  'test/chart/values/ambient.yaml': {
    'KIA1112 Telemetry x-echo': 'is attached to a Service with a waypoint, where Kiali asks for one of the namespace',
  },
  'test/chart/values/gateway-policies.yaml': {
    'KIA1401 GRPCRoute x-echo': 'is attached to a gateway of somebody else',
  },
  'test/chart/values/gateway.yaml': { 'KIA1402 GRPCRoute x-echo': 'shares calls with a Service of somebody else' },
  'test/chart/values/istio-policies.yaml': { 'KIA1102 VirtualService x-echo': 'names a gateway of somebody else' },
  'test/chart/values/istio.yaml': {
    'KIA0203 DestinationRule x-echo': 'has subsets of versions that other releases run',
    'KIA1101 VirtualService x-echo': 'mirrors calls to a Service of somebody else',
    'KIA1104 VirtualService x-echo': 'has one destination with a weight, because its values give it one',
  },
}

/** Scenarios of two releases, by the names that they have there. */
const pairs: Readonly<Record<string, string>> = {
  'values/gateway-api-mesh.yaml': 'values/gateway-api-mesh.canary.yaml',
  'values/istio-canary.yaml': 'values/istio-canary.canary.yaml',
}

const goldenOf = (file: string): Manifest[] => {
  const golden = file.replace('test/chart/values/', 'test-values/')
  return objectsIn(readFileSync(join(projectRoot, 'test/chart/golden', golden), 'utf8'))
}

describe('Kiali finds nothing wrong with', () => {
  it.each(valuesFiles)('what the chart makes of %s, but for what is meant so', (file) => {
    expect(codesOf(findingsIn(goldenOf(file)))).toEqual(Object.keys(onPurpose[file] ?? {}))
  })

  it.each(Object.entries(pairs))('%s beside %s', async (stable, canary) => {
    const both = await Promise.all([render('stable', ['-f', stable]), render('canary', ['-f', canary])])
    expect(codesOf(findingsIn(both.flat()))).toEqual([])
  })
})

type Break = (objects: Manifest[], of: (kind: string) => Manifest) => unknown

const meshed = 'values/istio-mesh.yaml'
const routed = 'values/istio-fault.yaml'
const ambient = 'values/istio-ambient.yaml'
const gateway = 'values/north-south.yaml'
const elsewhere = 'a.elsewhere.svc.cluster.local'
const pools = { connectionPool: { http: { maxRequestsPerConnection: 1 } } }
const asksOfCalls = [{ to: [{ operation: { paths: ['/a'] } }] }]
const virtualService = (host: string): Manifest => {
  const metadata = { name: 'added', namespace: 'shop', labels: {} }
  return { kind: 'VirtualService', metadata, spec: { hosts: [host], http: [{ route: [] }] } }
}
const policy = (kind: string, spec: object): Manifest => ({
  kind,
  metadata: { name: 'added', namespace: 'shop' },
  spec,
})
const targetRefs = [{ kind: 'Service', group: '', name: 'x-echo' }]

/** A render that is good, and what makes Kiali say the code of it. */
const twins: readonly (readonly [string, string, Break])[] = [
  ['KIA0601', meshed, (_, of) => of('Service').spec.ports.splice(0, 9, { name: 'calls', port: 1, targetPort: 'grpc' })],
  ['KIA0602', meshed, (_, of) => Object.assign(of('Service').spec.ports[0], { appProtocol: 'kubernetes.io/h2c' })],
  ['KIA0701', meshed, (_, of) => Object.assign(of('Service').spec.ports[0], { targetPort: 'calls' })],
  ['KIA0701', meshed, (_, of) => Object.assign(of('Service').spec.ports[0], { targetPort: 1 })],
  ['KIA0201', meshed, (objects, of) => objects.push(structuredClone(of('DestinationRule')))],
  ['KIA0202', meshed, (_, of) => Object.assign(of('DestinationRule').spec, { host: 'gone' })],
  [
    'KIA0203',
    meshed,
    (_, of) => Object.assign(of('DestinationRule').spec, { subsets: [{ name: 'a', labels: { a: 'b' } }] }),
  ],
  ['KIA0209', meshed, (_, of) => Object.assign(of('DestinationRule').spec, { subsets: [{ name: 'a' }] })],
  ['KIA1101', routed, (_, of) => Object.assign(destinationIn(of).destination, { host: 'gone' })],
  ['KIA1102', routed, (_, of) => Object.assign(of('VirtualService').spec, { gateways: ['mesh', 'a/b'] })],
  ['KIA1104', routed, (_, of) => Object.assign(destinationIn(of), { weight: 100 })],
  ['KIA1105', routed, (_, of) => of('VirtualService').spec.http[0].route.push(structuredClone(destinationIn(of)))],
  ['KIA1106', routed, (objects, of) => objects.push(structuredClone(of('VirtualService')))],
  ['KIA1107', routed, (_, of) => Object.assign(destinationIn(of).destination, { subset: 'v9' })],
  ['KIA1401', gateway, (_, of) => Object.assign(of('GRPCRoute').spec.parentRefs[0], { name: 'gone' })],
  ['KIA1402', gateway, (_, of) => Object.assign(of('GRPCRoute').spec.parentRefs[0], { kind: 'Service', name: 'gone' })],
  ['KIA1402', gateway, (_, of) => Object.assign(of('GRPCRoute').spec.rules[0].backendRefs[0], { name: 'gone' })],
  ['KIA1504', gateway, (_, of) => Object.assign(of('Gateway').spec, { gatewayClassName: 'gone' })],
  ['KIA0210', ambient, (_, of) => Object.assign(of('DestinationRule').spec, { host: 'gone', trafficPolicy: pools })],
  ['KIA0211', ambient, (_, of) => Object.assign(of('DestinationRule').spec, { trafficPolicy: pools }) && leave(of)],
  ['KIA0212', ambient, (_, of) => Object.assign(of('DestinationRule').spec, { host: elsewhere, trafficPolicy: pools })],
  ['KIA1109', ambient, (objects) => objects.push(virtualService('gone'))],
  ['KIA1113', ambient, (objects, of) => objects.push(virtualService('x-echo')) && leave(of)],
  ['KIA1114', ambient, (objects) => objects.push(virtualService(elsewhere))],
  ['KIA0109', ambient, (objects) => objects.push(policy('AuthorizationPolicy', { targetRefs, rules: asksOfCalls }))],
  ['KIA0110', ambient, (objects) => objects.push(policy('AuthorizationPolicy', { rules: asksOfCalls }))],
  ['KIA1112', ambient, (objects) => objects.push(policy('Telemetry', { targetRefs, accessLogging: [{}] }))],
  ['KIA1117', ambient, (objects) => objects.push(policy('Telemetry', { tracing: [{}] }))],
]

const destinationIn = (of: (kind: string) => Manifest): Manifest => of('VirtualService').spec.http[0].route[0]

/** Takes the Service out of its waypoint. */
const leave = (of: (kind: string) => Manifest) =>
  Object.assign(of('Service').metadata.labels, { 'istio.io/use-waypoint': 'none' })

describe('the model of Kiali', () => {
  it.each(twins)('says %s of %s once that is broken', (code, file, breakIt) => {
    const objects = goldenOf(file)
    expect(codesOf(findingsIn(objects)).filter((each) => each.startsWith(code))).toEqual([])
    breakIt(objects, (kind) => objects.find((object) => object.kind === kind))
    expect(findingsIn(objects).map((finding) => finding.code)).toContain(code)
  })

  it.each(['values/istio-client-only.yaml', 'values/linkerd.yaml'])(
    'leaves ports alone without a sidecar: %s',
    (file) => {
      const objects = goldenOf(file)
      for (const { kind, spec } of objects) if (kind === 'Service') spec.ports[0].appProtocol = 'anything'
      expect(findingsIn(objects)).toEqual([])
    },
  )
})
