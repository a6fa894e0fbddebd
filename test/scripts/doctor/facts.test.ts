import { describe, expect, it } from 'vitest'
import { agoText, balancerOf } from '../../../scripts/cluster/doctor/facts.ts'
import type { Call } from '../../../scripts/lib/manifests/calls.ts'
import type { Mesh } from '../../../scripts/lib/manifests/mesh.ts'

interface Way {
  readonly mesh?: Mesh
  readonly isHeadless?: boolean
  readonly declared?: string
  readonly policy?: string
  readonly scheme?: string
}

const callBy = ({ isHeadless = false, declared, policy, scheme = '' }: Way): Call =>
  ({ service: { isHeadless }, port: { declared }, policy, mention: { scheme } }) as unknown as Call

describe('who balances', () => {
  it.each<[string, Way]>([
    ['kube-proxy chooses one pod for each connection', {}],
    ['kube-proxy chooses one pod for each connection', { policy: 'round_robin' }],
    ['it uses the first address that it resolves (pick_first)', { isHeadless: true }],
    [
      'it balances calls by round_robin over the addresses that it resolves',
      { isHeadless: true, policy: 'round_robin' },
    ],
    ['its sidecar balances calls', { mesh: 'istio', declared: 'grpc' }],
    ['its sidecar treats calls as tcp, as the port is declared', { mesh: 'istio', declared: 'tcp' }],
    ['its sidecar balances calls if it guesses right what the port speaks', { mesh: 'istio' }],
    ['its sidecar passes on to the address that it resolves', { mesh: 'istio', isHeadless: true, declared: 'grpc' }],
    ['its proxy balances calls', { mesh: 'linkerd' }],
    ['ztunnel balances connections; only a waypoint would balance calls', { mesh: 'ambient' }],
    ['its own xDS client balances calls', { scheme: 'xds' }],
  ])('%s', (text, way) => {
    expect(balancerOf({ call: callBy(way), mesh: way.mesh })).toBe(text)
  })
})

it.each([
  [0, '0 s'],
  [99, '99 s'],
  [150, '3 min'],
  [7200, '2 h'],
  [400_000, '5 d'],
])('%d seconds are %s', (seconds, text) => {
  expect(agoText(seconds)).toBe(text)
})
