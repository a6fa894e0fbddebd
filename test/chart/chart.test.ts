import { beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../../scripts/lib/tools.ts'
import { chart, kindsAndNames, ofKind, render, runTool, toolsTimeoutMs } from './helm.ts'
import { valuesFiles } from './values-files.ts'

beforeAll(async () => {
  for (const name of ['helm', 'helm3', 'helm-unittest'] as const) await tool(name)
}, toolsTimeoutMs)

it('passes its own suites', async () => {
  const suites = ['-f', 'tests/*_test.yaml', '-f', 'tests/*/*_test.yaml']
  const { code, stdout, stderr } = await runTool('helm-unittest', [
    '--strict',
    '--skip-schema-validation',
    ...suites,
    chart,
  ])
  expect(stdout + stderr).toMatch(/Test Suites:\s+[1-9]\d passed/)
  expect(code, stdout).toBe(0)
}, 180_000)

describe.each(['helm', 'helm3'] as const)('under %s', (helm) => {
  it.each(['(defaults)', ...valuesFiles])('lints without a warning with %s', async (file) => {
    const values = file === '(defaults)' ? [] : ['-f', file]
    const { code, stdout, stderr } = await runTool(helm, ['lint', '--strict', chart, ...values])
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).not.toContain('[WARNING]')
  })

  it('renders servers behind a ClusterIP and a headless Service, and with the defaults nothing that they can do without', async () => {
    const manifests = await render('grpc-server', [], helm)
    expect(kindsAndNames(manifests)).toEqual([
      'Deployment grpc-server-echo',
      'Pod grpc-server-echo-test',
      'PodDisruptionBudget grpc-server-echo',
      'Service grpc-server-echo',
      'Service grpc-server-echo-headless',
      'ServiceAccount grpc-server-echo',
    ])
    const { replicas, selector, template } = ofKind(manifests, 'Deployment').spec
    expect(replicas).toBe(3)
    for (const service of manifests.filter(({ kind }) => kind === 'Service')) {
      expect(service.metadata.namespace).toBe('shop')
      expect(service.spec.selector).toEqual(selector.matchLabels)
      expect(template.metadata.labels).toMatchObject(service.spec.selector)
      expect(service.spec.ports[0]).toMatchObject({ name: 'grpc', port: 8080, targetPort: 'grpc' })
    }
    const [container] = template.spec.containers
    expect(container.args).toBeUndefined()
    expect(container.ports).toContainEqual({ name: 'grpc', containerPort: 8080, protocol: 'TCP' })
    expect(container.readinessProbe.grpc).toEqual({ port: 8080 })
  })

  it('renders one client, and no Service, from arguments alone', async () => {
    const manifests = await render('grpc-client', ['--set', 'args[0]=-h,args[1]=grpc-server-echo:8080'], helm)
    expect(kindsAndNames(manifests)).toEqual(['Deployment grpc-client-echo', 'ServiceAccount grpc-client-echo'])
    const { replicas, template } = ofKind(manifests, 'Deployment').spec
    expect(replicas).toBe(1)
    expect(template.spec.containers[0].args).toEqual(['-h', 'grpc-server-echo:8080'])
  })

  it('renders a Job of 300 calls under the name that its logs are read by', async () => {
    const args = ['-f', 'values/client-job.yaml', '--set', 'client.target=grpc-server-echo:8080']
    const manifests = await render('grpc-client-job', args, helm)
    expect(kindsAndNames(manifests)).toEqual(['Job grpc-client-job-echo', 'ServiceAccount grpc-client-job-echo'])
    const { template, backoffLimit } = ofKind(manifests, 'Job').spec
    expect(backoffLimit).toBe(0)
    expect(template.spec.restartPolicy).toBe('Never')
    expect(template.spec.containers[0].args).toEqual(['-h', 'grpc-server-echo:8080', '--requests', '300'])
  })

  it('tells a client beside a server from it by name, labels and account, so that each has its own rules', async () => {
    const manifests = await render('shop', ['--set', 'client.enabled=true'], helm)
    const deployments = manifests.filter(({ kind }) => kind === 'Deployment')
    const [server, client] = ['shop-echo', 'shop-echo-client'].map((name) =>
      deployments.find(({ metadata }) => metadata.name === name),
    )
    expect(client.spec.selector.matchLabels).not.toEqual(server.spec.selector.matchLabels)
    expect(client.spec.template.spec.serviceAccountName).toBe('shop-echo-client')
    for (const service of manifests.filter(({ kind }) => kind === 'Service')) {
      expect(service.spec.selector).toEqual(server.spec.selector.matchLabels)
    }
  })

  it('forgets what null takes away', async () => {
    const args = ['--set', 'ports.metrics.enabled=false,podLabels.a=null,probes.liveness.enabled=false']
    const { template } = ofKind(await render('a', args, helm), 'Deployment').spec
    expect(template.metadata.labels).not.toHaveProperty('a')
    const [container] = template.spec.containers
    expect(container.ports).toHaveLength(1)
    expect(container.livenessProbe).toBeUndefined()
  })
})

it('names the run of a Job after its values, and after nothing else', async () => {
  const job = async (...args: string[]): Promise<string> =>
    ofKind(await render('j', ['-f', 'values/client-job.yaml', '--set', 'client.job.run=auto', ...args]), 'Job').metadata
      .name
  const [name, again, other, more] = await Promise.all([
    job('--set', 'client.target=a:1'),
    job('--set', 'client.target=a:1'),
    job('--set', 'client.target=b:1'),
    job('--set', 'client.target=a:1,client.replicaCount=3'),
  ])
  expect(again).toBe(name)
  expect(new Set([name, other, more]).size).toBe(3)
})

it.each([
  ['config.files.a', 'x', 'y', 'checksum/config', 'Deployment'],
  ['client.envoySidecar.port', '1001', '1002', 'checksum/envoy', 'DaemonSet'],
])('replaces pods when %s changes', async (path, before, after, checksum, kind) => {
  const client = 'client.enabled=true,client.kind=DaemonSet,client.envoySidecar.enabled=true'
  const sum = async (value: string): Promise<string> =>
    ofKind(await render('a', ['--set', `${client},config.files.a=x`, '--set', `${path}=${value}`]), kind).spec.template
      .metadata.annotations[checksum]
  const [one, same, other] = await Promise.all([sum(before), sum(before), sum(after)])
  expect(one).toMatch(/^[0-9a-f]{64}$/)
  expect(same).toBe(one)
  expect(other).not.toBe(one)
})

it('tells every mistake between values at once, each on a line of its own', async () => {
  const args = [
    '--set',
    'mode=server,args[0]=-h,client.target=y:1,ports.metrics.enabled=false,probes.readiness.port=metrics',
  ]
  const { code, stderr } = await runTool('helm', ['template', 'a', chart, ...args])
  expect(code).toBe(1)
  expect(stderr.match(/\[[a-z-]+\]$/gm)).toEqual([
    '[mode-args]',
    '[client-target-twice]',
    '[client-target-server]',
    '[probe-port]',
  ])
})

it.each([
  'args',
  'client.args',
  'client.target',
  'client.intervalSeconds',
  'client.serviceConfig',
  'client.envoySidecar.upstreamHost',
  'client.xdsServer',
  'server.utilization',
  'lookaside.services',
  'lookaside.discover.namespaces',
  'client.job.ttlSecondsAfterFinished',
  'service.labels',
  'service.annotations',
  'headless.labels',
  'istio.sidecar.resources.requests',
  'istio.destinationRule.subsets',
  'istio.virtualService.routes',
  'gatewayApi.grpcRoute.rules',
])('takes null for %s as what it is by default when nothing is set', async (path) => {
  const everything =
    'client.enabled=true,client.kind=Job,client.requests=3,istio.enabled=true,loadBalancing.timeout=1s,' +
    'gatewayApi.grpcRoute.enabled=true,gatewayApi.grpcRoute.parentRefs[0].name=a'
  const unset = path === 'client.job.ttlSecondsAfterFinished' ? [`--set=${path}=`] : []
  const [withNull, without] = await Promise.all([
    render('a', ['--set', everything, `--set=${path}=null`]),
    render('a', ['--set', everything, ...unset]),
  ])
  expect(withNull).toEqual(without)
})
