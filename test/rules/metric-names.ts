import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../chart/helm.ts'
import { recordings } from './rule-file.ts'

/** Families in the tables of docs/metrics.md, which a test of it holds to what servers and clients export. */
const exported = readFileSync(join(projectRoot, 'docs/metrics.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => (line.split('|')[1] ?? '').match(/(?<=`)[a-z0-9_]+(?=`)/g) ?? [])

/** What Prometheus, Istio and the kubelet tell. */
const foreign = [
  'up',
  'istio_requests_total',
  'istio_tcp_sent_bytes_total',
  'container_cpu_cfs_throttled_periods_total',
]

/** All metrics that there are, for rules and runbooks. */
export const knownMetrics: ReadonlySet<string> = new Set([
  ...exported.flatMap((family) => [family, `${family}_bucket`]),
  ...foreign,
  ...recordings.map(({ record }) => record),
])
