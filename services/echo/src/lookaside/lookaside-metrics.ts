import { Counter, Histogram, type Registry } from '@prometheus-io/client'
import { gauge, type Sample } from '../metrics/collected.ts'
import { type ResourceType, resourceTypes } from './resource-types.ts'

/** What is read when the metrics are scraped. */
export interface LookasideState {
  readonly clients: () => number
  readonly endpoints: () => ReadonlyMap<string, number>
  readonly watchProblems: () => number
  readonly configProblem: () => boolean
}

/** What is counted as it happens. */
export interface LookasideMetrics {
  pushed(type: ResourceType): void
  refused(type: ResourceType): void
  delivered(seconds: number): void
}

/** Seconds: from what a change takes at best to what is felt. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The metrics of the control plane. */
export function lookasideMetrics(registry: Registry, state: LookasideState): LookasideMetrics {
  const one = (name: string, help: string, value: () => number) =>
    gauge(registry, { name, help }, () => [[{}, value()]])
  one('lookaside_xds_clients', 'Clients that have a stream open.', state.clients)
  one('lookaside_watch_problem', 'Lists of the API server that cannot be watched now.', state.watchProblems)
  one(
    'lookaside_config_problem',
    'Whether the file of --lookaside-config has changed to something that cannot be used.',
    () => Number(state.configProblem()),
  )
  const endpoints = { name: 'lookaside_endpoints', help: 'Endpoints that can be called.', labelNames: ['service'] }
  gauge(registry, endpoints, () => [...state.endpoints()].map(([service, count]): Sample => [{ service }, count]))
  const counter = (name: string, help: string) => {
    const made = new Counter({ name, help, labelNames: ['type'], registers: [registry] })
    for (const type of resourceTypes) made.inc({ type }, 0)
    return made
  }
  const pushes = counter('lookaside_xds_pushes_total', 'Answers sent to clients.')
  const nacks = counter('lookaside_xds_nacks_total', 'Answers that clients refused.')
  const seconds = new Histogram({
    name: 'lookaside_xds_push_seconds',
    help: 'Seconds from when a change was heard of to when it had left for a client.',
    buckets,
    registers: [registry],
  })
  return {
    pushed: (type) => pushes.inc({ type }),
    refused: (type) => nacks.inc({ type }),
    delivered: (value) => seconds.observe(value),
  }
}
