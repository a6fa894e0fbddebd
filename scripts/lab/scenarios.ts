import type { JudgeAs } from '../cluster/outcome.ts'
import type { Outcome } from '../cluster/result.ts'

/** A balancing strategy as the lab runs it. */
export interface LabScenario {
  readonly name: string
  /** One line for people: what happens here. */
  readonly summary: string
  readonly expected: Outcome
  /**
   * What the client dials: the Service's virtual address, the name that resolves to every pod, the Service whose EndpointSlices it
   * watches itself, or the one that a control plane watches for it.
   */
  readonly dial: 'cluster-ip' | 'headless' | 'endpoint-slices' | 'lookaside'
  /** The client's balancing policy, which behind a control plane that one says; undefined leaves gRPC's default, pick_first. */
  readonly lbPolicy?: string
  /** How the calls ought to spread, for the verdict. */
  readonly judgeAs: Exclude<JudgeAs, 'keys' | 'zone'>
  /** What the first pod takes for each call. Default: no longer than the others. */
  readonly slowPodMilliseconds?: number
  /** Servers send GOAWAY to connections of this age; the client then looks the name up again. */
  readonly maxConnectionAgeSeconds?: number
  /** Attempts at a call that ends UNAVAILABLE. Default 1. */
  readonly maxAttempts?: number
  /** Servers that join while the client runs; calls are judged once every one of them is found. */
  readonly addServers?: number
}

export const labScenarios: readonly LabScenario[] = [
  {
    name: 'cluster-ip',
    summary: 'ClusterIP, default policy: connections are balanced, calls are not',
    expected: 'pinned',
    dial: 'cluster-ip',
    judgeAs: 'random',
  },
  {
    name: 'headless-pick-first',
    summary: 'the name resolves to every pod, but the default policy uses the first one',
    expected: 'pinned',
    dial: 'headless',
    judgeAs: 'random',
  },
  {
    name: 'headless-round-robin',
    summary: 'the name resolves to every pod, round_robin uses them in turn',
    expected: 'even',
    dial: 'headless',
    lbPolicy: 'round_robin',
    judgeAs: 'round_robin',
  },
  {
    name: 'headless-max-age',
    summary: 'the same, and servers end connections at an age: pods that join later are found',
    expected: 'even',
    dial: 'headless',
    lbPolicy: 'round_robin',
    // Connections turn over inside the window, and a peer misses its turn while it reconnects: the strict band of round
    // robin (busiest and idlest differ by 1) holds only while connections live.
    judgeAs: 'random',
    maxConnectionAgeSeconds: 4,
    // A call that meets two ending connections in a row has used up gRPC's own, transparent retry.
    maxAttempts: 4,
    addServers: 2,
  },
  {
    name: 'endpoint-slices',
    summary: 'the client watches EndpointSlices, round_robin: pods that join later are found at once',
    expected: 'even',
    dial: 'endpoint-slices',
    lbPolicy: 'round_robin',
    judgeAs: 'round_robin',
    addServers: 2,
  },
  {
    name: 'client-least-request',
    summary: 'one pod is slow, least_request gives it the fewest calls',
    expected: 'load-aware',
    dial: 'headless',
    lbPolicy: 'least_request',
    judgeAs: 'slow-pod',
    slowPodMilliseconds: 500,
  },
  {
    name: 'lookaside-xds',
    summary: 'a control plane watches EndpointSlices and tells the client over xDS: new pods are found at once',
    expected: 'even',
    dial: 'lookaside',
    lbPolicy: 'round_robin',
    judgeAs: 'round_robin',
    addServers: 2,
  },
]
