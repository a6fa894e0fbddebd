import fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { utilizationRoute } from '../../../services/echo/src/load-reports/utilization-route.ts'
import { endCommands, runEcho } from '../../support/echo-command.ts'
import { serverConfig } from '../../support/echo-config.ts'

afterEach(endCommands)

const stated = { utilization: 0.5 }
async function post(payload: unknown, headers: Record<string, string> = {}) {
  const app = fastify()
  await utilizationRoute(stated)(app)
  const request = { method: 'POST', url: '/utilization', payload: payload as object, headers } as const
  const { statusCode, body } = await app.inject(request)
  await app.close()
  return [statusCode, JSON.parse(body)]
}

describe('POST /utilization', () => {
  it('changes the utilization that a server states', async () => {
    expect(await post({ value: 0.8 })).toEqual([200, { value: 0.8 }])
    expect(stated.utilization).toBe(0.8)
  })

  it.each([
    {},
    { value: 0 },
    { value: -1 },
    { value: 1001 },
    { value: '0.5' },
    { value: null },
    { value: 1, more: 2 },
    [],
  ])('refuses %j', async (body) => {
    stated.utilization = 0.5
    expect(await post(body)).toEqual([400, { error: 'Send {"value": a number from 0.001 to 1000}.' }])
    expect(stated.utilization).toBe(0.5)
  })

  it('refuses another web site, and what is no JSON', async () => {
    stated.utilization = 0.5
    const origin = 'https://elsewhere.example'
    expect(await post({ value: 0.8 }, { origin, host: 'localhost' })).toEqual([403, { error: expect.anything() }])
    expect((await post('{', { 'content-type': 'application/json' }))[0]).toBe(400)
    expect((await post('value=1', { 'content-type': 'text/plain' }))[0]).toBe(415)
    expect(stated.utilization).toBe(0.5)
  })

  it.each([
    ['0.5', 200],
    ['measured', 404],
    ['off', 404],
  ])('is there for a server with --utilization %s: %i', async (utilization, statusCode) => {
    const server = runEcho([
      '-s',
      '--listen',
      '127.0.0.1:0',
      '--admin-listen',
      '127.0.0.1:0',
      '--utilization',
      utilization,
    ])
    const [, admin] = await server.printed(/admin on (http:\S+)/)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${admin}/utilization`, { method: 'POST', headers, body: '{"value": 0.9}' })
    expect(answer.status).toBe(statusCode)
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })
})

describe('the option --utilization', () => {
  it.each([
    ['off', 'off'],
    ['measured', 'measured'],
    ['0.8', 0.8],
    ['2', 2],
  ])('takes %s', async (text, utilization) => {
    expect(await serverConfig('--utilization', text)).toMatchObject({ utilization })
    expect((await serverConfig()).utilization).toBe('off')
  })

  it.each(['', 'on', '0', '-1', '1001', 'NaN', '0.5s'])('refuses %j', async (text) => {
    const { code, stderr } = await runEcho(['-s', `--utilization=${text}`]).ended
    expect([code, stderr]).toEqual([
      64,
      expect.stringContaining('It must be off, measured, or a number from 0.001 to 1000.'),
    ])
  })
})
