import { beforeAll, describe, expect, it } from 'vitest'
import { tool } from '../../scripts/lib/tools.ts'
import { chart, kindsAndNames, ofKind, render, runTool, toolsTimeoutMs } from './helm.ts'

beforeAll(async () => {
  for (const name of ['helm', 'helm3', 'helm-unittest'] as const) await tool(name)
}, toolsTimeoutMs)

it('passes its own suites', async () => {
  const suites = ['-f', 'tests/*_test.yaml', '-f', 'tests/*/*_test.yaml']
  const { code, stdout, stderr } = await runTool('helm-unittest', ['--strict', ...suites, chart])
  expect(stdout + stderr).toMatch(/Test Suites:\s+1[3-9] passed/)
  expect(code, stdout).toBe(0)
})

describe.each(['helm', 'helm3'] as const)('under %s', (helm) => {
  it('lints without a warning', async () => {
    const { code, stdout, stderr } = await runTool(helm, ['lint', '--strict', chart])
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).not.toContain('[WARNING]')
  })

  it('renders three servers behind a ClusterIP and a headless Service', async () => {
    const manifests = await render('grpc-server', ['--set', 'replicaCount=3'], helm)
    expect(kindsAndNames(manifests)).toEqual([
      'Deployment grpc-server-echo',
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

  it('renders the same values to the same bytes', async () => {
    const args = [
      'template',
      'a',
      chart,
      '--set',
      'env.B=1,env.A=2,ports.x.containerPort=1,podLabels.z=1,podLabels.y=2',
    ]
    const [first, second] = await Promise.all([runTool(helm, args), runTool(helm, args)])
    expect(first.code, first.stderr).toBe(0)
    expect(second.stdout).toBe(first.stdout)
  })

  it('forgets what null takes away', async () => {
    const args = ['--set', 'ports.metrics=null,podLabels.a=null,env.X=null,probes.liveness.enabled=false']
    const [container] = ofKind(await render('a', args, helm), 'Deployment').spec.template.spec.containers
    expect(container.ports).toHaveLength(1)
    expect(container.livenessProbe).toBeUndefined()
    expect(container.env.map(({ name }: { name: string }) => name)).not.toContain('X')
  })
})

it('names the run of a Job after its values, and after nothing else', async () => {
  const job = async (...args: string[]): Promise<string> =>
    ofKind(await render('j', ['-f', 'values/client-job.yaml', '--set', 'client.job.run=auto', ...args]), 'Job').metadata
      .name
  const [name, again, other] = await Promise.all([
    job('--set', 'client.target=a:1'),
    job('--set', 'client.target=a:1'),
    job('--set', 'client.target=b:1'),
  ])
  expect(again).toBe(name)
  expect(other).not.toBe(name)
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

it('can be a part of another chart, switched by its condition', async () => {
  const { code, stderr } = await runTool('helm', [
    'template',
    'a',
    chart,
    '--set',
    'enabled=true,global.storageClass=fast',
  ])
  expect(code, stderr).toBe(0)
})
