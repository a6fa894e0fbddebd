import type { Policy, VerdictName } from '../lib/verdict.ts'

/** A balancing strategy as the lab runs it. */
export interface LabScenario {
  readonly name: string
  /** One line for people: what happens here. */
  readonly summary: string
  readonly expected: VerdictName
  /** What the client dials: the Service's virtual address, or the name that resolves to every pod. */
  readonly dial: 'cluster-ip' | 'headless'
  /** The client's balancing policy; undefined leaves gRPC's default, pick_first. */
  readonly lbPolicy?: string
  /** How the calls ought to spread, for the verdict. */
  readonly judgeAs: Policy
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
]
