import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endCommands } from '../../support/echo-command.ts'
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts'
import { byTrace, runTracedClient, shown, startTracedServer, traceTree, tracingTo } from '../../support/traced-echo.ts'

const call = 'evenly.echo.v1.Echo/Hello'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  await endCommands()
  await receiver.close()
})

/** Without what differs from one run to the next. */
const masked = (tree: string): string =>
  tree
    .replace(/[\d.]+ ms/g, 'N ms')
    .replace(/pick \d+/g, 'pick N')
    .replace(/:\d+/g, ':N')
    .replace(/(pod|node|zone)-[bc]/g, '$1-x')

const startServers = (names: readonly string[], env = tracingTo(receiver)) =>
  Promise.all(names.map((name) => startTracedServer(name, env)))

/** What tells apart the spans of one call. */
const summary = ({ kind, attributes: a, resource, status }: ReceivedSpan): string =>
  kind === 'SERVER'
    ? `on ${resource['k8s.pod.name']}: ${a['rpc.status_code']}`
    : `${a['grpc_lb.attempt'] ?? a['grpc_lb.attempts']} ${a['grpc_lb.peer_pod'] ?? '-'}: ${a['rpc.status_code']} ${status}`

describe('one trace', () => {
  it('shows the call, the attempt, whom it picked, and who answered', async () => {
    const servers = await startServers(['pod-a', 'pod-b', 'pod-c'])
    const client = runTracedClient(servers, ['--requests', '6'], tracingTo(receiver))
    expect((await client.ended).code).toBe(0)
    const traces = byTrace(await receiver.until((spans) => spans.length === 18))
    expect(traces).toHaveLength(6)
    const pods = traces.map((trace) => {
      const pod = trace.find(({ kind }) => kind === 'SERVER')?.resource['k8s.pod.name']
      expect(traceTree(trace, summary)).toBe(
        `${call} 1 ${pod}: OK UNSET\n  Attempt ${call} 1 ${pod}: OK UNSET\n    ${call} on ${pod}: OK`,
      )
      return pod
    })
    expect(pods.toSorted()).toEqual(['pod-a', 'pod-a', 'pod-b', 'pod-b', 'pod-c', 'pod-c'])
  })

  it('says in each span what the conventions and we call it', async () => {
    const [server] = await startServers(['pod-a'])
    const env = { ...tracingTo(receiver), OTEL_RESOURCE_ATTRIBUTES: 'team=shop,service.name=not-this' }
    const client = runTracedClient([server as never], ['--requests', '1'], { ...env, OTEL_SERVICE_NAME: 'orders' })
    await client.ended
    const spans = await receiver.until(({ length }) => length === 3)
    const [root, attempt, served] = ['', 'CLIENT', 'SERVER'].map((kind) =>
      spans.find((span) => (kind === '' ? span.parentSpanId === '' : span.parentSpanId !== '' && span.kind === kind)),
    ) as [ReceivedSpan, ReceivedSpan, ReceivedSpan]
    const [host, port] = (server?.address ?? '').split(':')
    const of = { 'rpc.system.name': 'grpc', 'rpc.method': call, 'rpc.status_code': 'OK', 'evenly.counter': 1 }
    const called = { ...of, 'server.address': host, 'server.port': Number(port), 'grpc_lb.policy': 'round_robin' }
    expect(root.kind).toBe('CLIENT')
    expect(root.attributes).toEqual({ ...called, 'grpc_lb.attempts': 1, 'grpc_lb.peer_pod': 'pod-a' })
    expect(attempt.attributes).toEqual({
      ...called,
      'network.transport': 'tcp',
      'network.peer.address': host,
      'network.peer.port': Number(port),
      'grpc_lb.attempt': 1,
      'grpc_lb.pick': 1,
      'grpc_lb.peer_pod': 'pod-a',
    })
    expect(served.attributes).toEqual({
      ...of,
      'network.transport': 'tcp',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': expect.any(Number),
      'evenly.client_id': 'caller',
    })
    expect(root.resource).toMatchObject({ 'service.name': 'orders', team: 'shop', 'service.instance.id': 'caller' })
    expect(served.resource).toMatchObject({
      'service.name': 'evenly-echo',
      'service.instance.id': 'pod-a',
      'k8s.pod.name': 'pod-a',
      'k8s.node.name': 'node-a',
      'cloud.availability_zone': 'zone-a',
    })
    expect(root.start <= attempt.start && attempt.end <= root.end).toBe(true)
  })

  it('shows the attempt at a pod that died, and the one at the pod that answered, as the docs show it', async () => {
    const [dying, ...others] = await startServers(['pod-a', 'pod-b', 'pod-c'])
    const args = ['--rps', '50', '--max-attempts', '3', '--timeout-seconds', '30']
    const client = runTracedClient([dying as never, ...others], args, tracingTo(receiver))
    await client.printed(/served by pod-a/)
    dying?.process.kill('SIGSTOP')
    // Two of three calls are still answered; by then one waits for the pod that is not going to answer it.
    const [, last] = await client.printed(/call (\d+) served by pod-[bc][^\n]*\n$/)
    await client.printed(new RegExp(`call ${Number(last) + 9} served`))
    dying?.process.kill('SIGKILL')
    const retried = (spans: readonly ReceivedSpan[]) =>
      byTrace(spans).find(
        (trace) => trace.length === 4 && trace.some((span) => span.attributes['grpc_lb.attempts'] === 2),
      )
    const spans = await receiver.until((some) => retried(some) !== undefined)
    const trace = retried(spans) ?? []
    const [, told = ''] = /```text\n(.*?)\n```/s.exec(await readFile('docs/tracing.md', 'utf8')) ?? []
    expect(masked(traceTree(trace, shown))).toBe(masked(told))
    const [first, second] = [1, 2].map((n) => trace.find(({ attributes }) => attributes['grpc_lb.attempt'] === n))
    expect(`127.0.0.1:${first?.attributes['network.peer.port']}`).toBe(dying?.address)
    expect(first?.attributes['error.type']).toBe('UNAVAILABLE')
    expect(Number(second?.attributes['grpc_lb.pick'])).toBeGreaterThan(Number(first?.attributes['grpc_lb.pick']))
    expect((first?.end ?? 0n) <= (second?.start ?? 0n)).toBe(true)
  })

  it('of a stream has one call and one attempt, however many messages it carries', async () => {
    const servers = await startServers(['pod-a', 'pod-b'])
    const client = runTracedClient(servers, ['--stream', '--requests', '5'], tracingTo(receiver))
    expect((await client.ended).code).toBe(0)
    const spans = await receiver.until(({ length }) => length === 3)
    const pod = spans.find(({ kind }) => kind === 'SERVER')?.resource['k8s.pod.name']
    const stream = `${call}Stream`
    expect(traceTree(spans, summary)).toBe(
      `${stream} 1 ${pod}: OK UNSET\n  Attempt ${stream} 1 ${pod}: OK UNSET\n    ${stream} on ${pod}: OK`,
    )
  })

  it('of a health check ends at the client: servers do not show the probes that they get', async () => {
    const [server] = await startServers(['pod-a'])
    await runTracedClient([server as never], ['--method', 'Health', '--requests', '1'], tracingTo(receiver)).ended
    server?.process.kill('SIGTERM')
    await server?.process.ended
    const check = 'grpc.health.v1.Health/Check'
    expect(traceTree(receiver.spans, summary)).toBe(`${check} 1 pod-a: OK UNSET\n  Attempt ${check} 1 pod-a: OK UNSET`)
  })

  it('of a call that nobody took is the call alone', async () => {
    const servers = await startServers(['pod-a'])
    const client = runTracedClient(servers, ['--rps', '20'], tracingTo(receiver))
    await client.printed(/served by pod-a/)
    servers[0]?.process.kill('SIGKILL')
    const failed = (span: ReceivedSpan) => span.attributes['grpc_lb.attempts'] === 0
    const spans = await receiver.until((some) => some.some(failed))
    const { status, statusMessage, attributes } = spans.find(failed) as ReceivedSpan
    expect({ status, code: attributes['rpc.status_code'] }).toEqual({ status: 'ERROR', code: 'UNAVAILABLE' })
    expect(statusMessage).toContain('No connection established')
  })
})

describe('sampling', () => {
  it('keeps a share of the traces, whole ones', async () => {
    const sampled = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' }
    const [server] = await startServers(['pod-a'])
    const args = ['--requests', '60', '--quiet']
    expect((await runTracedClient([server as never], args, { ...tracingTo(receiver), ...sampled }).ended).code).toBe(0)
    server?.process.kill('SIGTERM')
    await server?.process.ended
    const traces = byTrace(receiver.spans)
    // Outside this range one run in a million million would be.
    expect(traces.length).toBeGreaterThan(3)
    expect(traces.length).toBeLessThan(57)
    expect(traces.map((trace) => trace.length)).toEqual(traces.map(() => 3))
  })

  it('by the caller is obeyed by a server that keeps every trace of its own', async () => {
    const [server] = await startServers(['pod-a'])
    const never = { ...tracingTo(receiver), OTEL_TRACES_SAMPLER: 'always_off' }
    expect((await runTracedClient([server as never], ['--requests', '3'], never).ended).code).toBe(0)
    server?.process.kill('SIGTERM')
    await server?.process.ended
    expect(receiver.spans).toEqual([])
  })

  it('is where an exemplar leads: from the histogram to the trace', async () => {
    const [server] = await startServers(['pod-a'])
    await runTracedClient([server as never], ['--requests', '1'], tracingTo(receiver)).ended
    const spans = await receiver.until(({ length }) => length === 3)
    const served = spans.find(({ kind }) => kind === 'SERVER')
    const response = await fetch(`${server?.admin}/metrics`, { headers: { accept: 'application/openmetrics-text' } })
    const lines = (await response.text()).split('\n').filter((line) => line.includes(' # {'))
    expect(lines.join('\n')).toMatch(/^grpc_server_handling_seconds_bucket/)
    expect(lines.join('\n')).toContain(`trace_id="${served?.traceId}"`)
    expect(lines.join('\n')).toContain(`span_id="${served?.spanId}"`)
  })
})
