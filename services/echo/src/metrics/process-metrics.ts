import { collectDefaultMetrics, type Registry } from '@prometheus-io/client'

/**
 * The library's own metrics of the process, `process_*` and `nodejs_*`, without the ones whose names Prometheus' linter
 * refuses and without three views of each of V8's 13 heap spaces: a fifth of a pod's series would be those.
 */
export function processMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, gcDurationBuckets: [0.001, 0.01, 0.1, 1] })
  for (const name of leftOut) registry.removeSingleMetric(name)
}

const leftOut = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_utilization_histogram',
  'nodejs_eventloop_utilization_summary',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
]
