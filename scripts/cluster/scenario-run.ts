import type { ScenarioResult } from './result.ts'
import { measureScaled, scaledChecks } from './scaled.ts'
import type { Scenario } from './scenario.ts'
import { Setup, type SetupSettings } from './setup.ts'
import { type Load, measureSpread } from './spread-run.ts'
import { truthOf } from './truth.ts'
import { measureSteps } from './weights-run.ts'

export interface RunSettings extends SetupSettings {
  readonly load: Load
  /** Whether the namespace stays. */
  readonly keep: boolean
  /** Whether the scenario's servers are scaled too, under load, where it says what that shall show. */
  readonly scale: boolean
}

/** Runs a scenario from nothing to its verdict, and leaves nothing behind. */
export async function runScenario(scenario: Scenario, settings: RunSettings): Promise<ScenarioResult> {
  return withSetup(scenario, settings, async (setup) => {
    const startedAt = Date.now()
    await setup.open()
    const measure = scenario.steps.length > 0 ? measureSteps : measureSpread
    const { reports, places, ...measured } = await measure(setup, settings.load)
    settings.progress('comparing with what the servers counted')
    const truth = await truthOf(setup, measured.counts, reports)
    const scaled = settings.scale && scenario.scaleTo > 0 ? await measureScaled(setup) : undefined
    const checks = [...measured.checks, ...(scaled ? scaledChecks(setup.scenario, scaled) : [])]
    const { name, expected } = scenario
    const tookSeconds = secondsSince(startedAt)
    const rebalance = scaled?.rebalance ?? null
    const clients = reports.length
    return { scenario: name, expected, ...measured, checks, pods: places.pods, clients, truth, rebalance, tookSeconds }
  })
}

/** Opens nothing itself; whatever `use` has opened is closed, and what the cluster had to say of a failure is told. */
export async function withSetup<T>(
  scenario: Scenario,
  settings: RunSettings,
  use: (setup: Setup) => Promise<T>,
): Promise<T> {
  const setup = new Setup(scenario, settings)
  try {
    return await use(setup)
  } catch (error) {
    await tellWarnings(setup)
    throw error
  } finally {
    if (settings.keep) setup.leave()
    else await setup.close()
  }
}

/** Seconds since then, to a tenth. */
export const secondsSince = (then: number): number => Math.round((Date.now() - then) / 100) / 10

/** The cluster's own warnings; silent where there are none, or where it does not answer. */
async function tellWarnings({ namespace, settings }: Setup): Promise<void> {
  if (!namespace.exists) return
  const warnings = await namespace.warnings().catch(() => [])
  for (const warning of warnings.slice(-8)) settings.tell(`  ${warning}`)
}
