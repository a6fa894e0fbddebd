import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import type { Lab } from '../../scripts/lab/lab.ts'
import { runScenario } from '../../scripts/lab/scenario-run.ts'
import { type LabScenario, labScenarios } from '../../scripts/lab/scenarios.ts'
import { echoService } from '../../services/echo/src/wire.ts'
import { measure } from '../support/measure.ts'

const scenario = (name: string) => labScenarios.find((one) => one.name === name) as LabScenario

let server: Server | undefined
afterEach(() => server?.forceShutdown())

describe('the client of a scenario', () => {
  it.each([
    ['cluster-ip', '127.0.0.1:1'],
    ['headless-pick-first', 'dns:///headless-pick-first.lab:1'],
    ['headless-round-robin', 'dns:///headless-round-robin.lab:1'],
  ])('of %s dials %s, and names a policy only where the scenario has one', async (name, target) => {
    const args = await clientArguments(scenario(name))
    expect(args.slice(0, 2)).toEqual(['-h', target])
    const { lbPolicy } = scenario(name)
    expect(args.filter((_, index) => args[index - 1] === '--lb-policy')).toEqual(lbPolicy ? [lbPolicy] : [])
  })

  it('of headless-max-age knows every address from the start where no name can tell them later', async () => {
    expect((await clientArguments(scenario('headless-max-age'), false)).slice(0, 2)).toEqual(['-h', 'ipv4:list-of-5'])
    expect((await clientArguments(scenario('headless-round-robin'), false)).slice(0, 2)).toEqual([
      '-h',
      'ipv4:list-of-3',
    ])
  })

  it('of headless-max-age tries a call again that two closing connections refused', async () => {
    const args = await clientArguments(scenario('headless-max-age'))
    const target = await serverThatRefuses(2)
    const { failed } = await measure(target, ...args.slice(2), '--requests', '1')
    expect(failed).toBe(0)
  })
})

/** What a scenario gives its client on the command line. */
async function clientArguments(of: LabScenario, ownAddresses = true): Promise<string[]> {
  const enough = new Error('enough')
  let given: readonly string[] = []
  const lab = {
    ownAddresses,
    pod: async (index: number) => ({ name: `pod-${index + 1}`, address: `127.0.0.${index + 1}:1` }),
    clusterIp: async () => '127.0.0.1:1',
    fixedList: (_age: number, count: number) => `ipv4:list-of-${count}`,
    publish: (name: string) => `dns:///${name}:1`,
    async client(args: readonly string[]) {
      given = args
      throw enough
    },
  } as unknown as Lab
  await expect(runScenario(of, lab, { servers: 3, requests: 300, progress: () => {} })).rejects.toBe(enough)
  return [...given]
}

/** Answers the first calls with UNAVAILABLE, as a server that closes the connection does, and the next ones with OK. */
async function serverThatRefuses(calls: number): Promise<string> {
  let left = calls
  const refusing = new Server()
  refusing.addService(echoService, {
    Hello: (_call: unknown, answer: (error: object | null, reply?: object) => void) =>
      left-- > 0 ? answer({ code: status.UNAVAILABLE, details: 'Stream refused by server' }) : answer(null, {}),
    HelloStream: () => {},
  })
  server = refusing
  const port = await new Promise((resolve, reject) => {
    refusing.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return `127.0.0.1:${port}`
}
