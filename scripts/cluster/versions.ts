import packageJson from '../../package.json' with { type: 'json' }
import type { RunInfo } from '../report/run-info.ts'
import type { Equipment } from './add-ons.ts'

/** When a run began, how long it took until now, and what it ran on. */
export function runInfoOf({ kubernetes, addOns }: Equipment, startedAt: Date): RunInfo {
  const had = [...addOns].map((name) => [name, 'present'])
  return {
    startedAt: startedAt.toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    versions: { evenly: packageJson.version, kubernetes, ...Object.fromEntries(had) },
  }
}
