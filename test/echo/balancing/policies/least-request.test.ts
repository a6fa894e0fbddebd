import { credentials, experimental as grpc } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { registerLeastRequest } from '../../../../services/echo/src/balancing/policies/least-request.ts'
import { chooseBalancing } from '../../../../services/echo/src/balancing/service-config.ts'
import { Connection } from '../../../../services/echo/src/connection.ts'
import { tracedServiceConfig } from '../../../../services/echo/src/tracing/traced-policy.ts'
import { EchoClient } from '../../../../services/echo/src/wire.ts'
import { type EchoPod, hello, startPod } from '../../../support/echo-pod.ts'

let pods: EchoPod[]
let client: InstanceType<typeof EchoClient> | undefined
beforeEach(async () => {
  pods = await Promise.all(['a', 'b', 'slow'].map((name) => startPod(name)))
})
afterEach(async () => {
  client?.close()
  await Promise.all(pods.map((pod) => pod.stop()))
})

/** Calls by pod when six workers call without a pause, and one pod is slow. */
async function callsByPod(serviceConfig: string, calls = 150): Promise<Record<string, number>> {
  const opened = new EchoClient(`ipv4:${pods.map(({ address }) => address).join(',')}`, credentials.createInsecure(), {
    'grpc.service_config': serviceConfig,
    'grpc.use_local_subchannel_pool': 1,
  })
  client = opened
  const connection = new Connection(opened, () => {})
  await vi.waitFor(
    () => expect(connection.subchannels().map(({ state }) => state)).toEqual(['READY', 'READY', 'READY']),
    { timeout: 30_000 },
  )
  const served: Record<string, number> = {}
  let left = calls
  const worker = async () => {
    while (left-- > 0) {
      const { reply } = await hello(opened, { behaviour: { delayMilliseconds: 300, onlyPod: 'slow' } })
      const pod = reply?.server?.pod as string
      served[pod] = (served[pod] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  return served
}

const configOf = (policy: object) =>
  chooseBalancing({ serviceConfig: JSON.stringify({ loadBalancingConfig: [policy] }) })

describe('the policy least_request', () => {
  it('is known to grpc-js, registered once or more often', () => {
    registerLeastRequest()
    registerLeastRequest()
    expect(grpc.isLoadBalancerNameRegistered('least_request')).toBe(true)
    const json = { least_request: { choiceCount: 3, slowStart: { window: '5s' } } } as never
    expect(grpc.parseLoadBalancingConfig(json).toJsonObject()).toEqual(json)
  })

  it('sends less to a peer that is slow, on a real channel', async () => {
    const {
      a = 0,
      b = 0,
      slow = 0,
    } = await callsByPod(chooseBalancing({ lbPolicy: 'least_request' }).serviceConfigJson)
    expect(a + b + slow).toBe(150)
    expect(slow).toBeGreaterThan(0)
    expect(slow).toBeLessThan(Math.min(a, b) / 2)
  })

  it('does so below the policy that traces, and below outlier detection', async () => {
    const {
      a = 0,
      b = 0,
      slow = 0,
    } = await callsByPod(
      tracedServiceConfig(configOf({ outlier_detection: { child_policy: [{ least_request: {} }] } }).serviceConfigJson),
    )
    expect(a + b + slow).toBe(150)
    expect(slow).toBeLessThan(Math.min(a, b) / 2)
  })

  it('ignores how slow a peer is when its bias is 0', async () => {
    const { slow = 0 } = await callsByPod(configOf({ least_request: { activeRequestBias: 0 } }).serviceConfigJson)
    // Chance of fewer than 30 of 150 at a third each: below 0.0003.
    expect(slow).toBeGreaterThanOrEqual(30)
  })
})
