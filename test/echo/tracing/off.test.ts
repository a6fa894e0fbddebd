import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endCommands, runEcho, runNode } from '../../support/echo-command.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts'
import { runTracedClient, startTracedServer, tracingTo } from '../../support/traced-echo.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(async () => {
  await endCommands()
  await receiver.close()
})

describe('without an endpoint', () => {
  // Tells of every module that is loaded from OpenTelemetry's packages but its API, which the library for metrics imports.
  const watch = `import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => {
      if (/@opentelemetry\\/(?!api\\/)/.test(url)) process._rawDebug('LOADED ' + url)
      return next(url, context)
    } })`
  const watched = (args: readonly string[], env = {}) =>
    runNode(['--import', `data:text/javascript,${encodeURIComponent(watch)}`, ...args], env)
  const main = 'services/echo/src/main.ts'

  it('nothing of the SDK is imported, and calls are as they were', async () => {
    const none = { OTEL_TRACES_SAMPLER: 'always_on', OTEL_SERVICE_NAME: 'orders' }
    const server = await startTracedServer('pod-a', none, (args, env) => watched([main, ...args], env))
    const client = runTracedClient([server], ['--requests', '3'], none, (args, env) => watched([main, ...args], env))
    expect(await client.ended).toMatchObject({ code: 0, stderr: '' })
    server.process.kill('SIGTERM')
    expect(await server.process.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('it is seen to be imported with one', async () => {
    const server = await startTracedServer('pod-a', tracingTo(receiver), (args, env) => watched([main, ...args], env))
    expect(server.process.output()).toMatch(/LOADED .*\/sdk-trace\//)
  })
})

describe('a setting that makes no sense', () => {
  it('that would lose every span ends the program with one sentence', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
    expect(await runEcho(['-s'], env).ended).toEqual({
      code: 64,
      stdout: '',
      stderr:
        "echo: OTEL_EXPORTER_OTLP_PROTOCOL grpc: echo sends http/protobuf only: unset it, and give the endpoint's HTTP port.\n",
    })
  })

  it('that OpenTelemetry wants ignored is warned of, and calls go on', async () => {
    const server = await startTracedServer('pod-a', {})
    const env = { ...tracingTo(receiver), OTEL_PROPAGATORS: 'xray' }
    const ended = await runTracedClient([server], ['--requests', '1'], env).ended
    expect(ended.code).toBe(0)
    expect(ended.stderr).toBe(
      'traces: OTEL_PROPAGATORS xray: unknown, so it is left out: choose tracecontext, baggage, b3, b3multi or none\n',
    )
  })
})
