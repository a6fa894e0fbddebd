import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resultOfChanges } from '../../../scripts/cluster/change-result.ts'
import { type Changed, measureChanges } from '../../../scripts/cluster/change-run.ts'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { ScenarioResult } from '../../../scripts/cluster/result.ts'
import type { RunSettings } from '../../../scripts/cluster/scenario-run.ts'
import { runScenario, secondsSince } from '../../../scripts/cluster/scenario-run.ts'
import { readScenarios, scenarioNamed } from '../../../scripts/cluster/scenarios.ts'
import { Setup } from '../../../scripts/cluster/setup.ts'
import { measureSpread } from '../../../scripts/cluster/spread-run.ts'
import { truthOf } from '../../../scripts/cluster/truth.ts'
import { onCluster } from '../../../scripts/commands/cluster-session.ts'
import { scaleCommand } from '../../../scripts/commands/scale.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../../support/in-process-cli.ts'

// All that needs a cluster; what is left decides what is expected.
vi.mock('../../../scripts/cluster/change-run.ts')
vi.mock('../../../scripts/cluster/change-result.ts')
vi.mock('../../../scripts/cluster/spread-run.ts')
vi.mock('../../../scripts/cluster/truth.ts')
vi.mock('../../../scripts/commands/cluster-session.ts', async (original) => ({
  ...(await original<object>()),
  onCluster: vi.fn(),
}))

inSurroundingsOfItsOwn()
afterEach(() => {
  vi.useRealTimers()
})

const sets = ['server.maxConnectionAgeSeconds=5']
const joined = [{ pod: 'd', firstCallSeconds: 11.4, fairShareSeconds: 11.4 }]
const rebalance = { requests: 9, failed: 0, joined, left: [], errors: [], series: {} }
const changed = { rebalance, reports: [], intervals: [], overAt: 0, patienceSeconds: 27 } as unknown as Changed
const settings = {
  cluster: new Cluster(),
  equipment: { addOns: new Set(), gatewayClasses: [] },
  progress: () => {},
  tell: () => {},
  load: {},
  keep: false,
  scale: true,
  sets,
} as unknown as RunSettings
const found = { what: 'pods that join are found within 11.5 s', met: true }

beforeEach(() => {
  vi.mocked(measureChanges).mockReset().mockResolvedValue(changed)
  for (const step of ['open', 'close'] as const) vi.spyOn(Setup.prototype, step).mockResolvedValue()
  vi.spyOn(Setup.prototype, 'judgedServers').mockReturnValue(Array(4))
})

describe('what is expected where --set changes how soon pods are found', () => {
  it('goes by the values as they are installed when a scenario is run', async () => {
    vi.mocked(measureSpread).mockResolvedValue({ reports: [], places: { pods: {} }, checks: [] } as never)
    vi.mocked(truthOf).mockResolvedValue({ agrees: true } as never)
    const scenario = scenarioNamed('headless-max-age', readScenarios())
    const { checks } = await runScenario(scenario, settings)
    expect(checks[0]).toMatchObject(found)
    expect(scenario.values.server.maxConnectionAgeSeconds).toBe(10)
  })

  it.each([
    [[], undefined],
    [['--patience-seconds', '7'], 7],
  ])('goes by them in evenly scale %j, whose patience is that which is asked for', async (more, patience) => {
    vi.mocked(resultOfChanges).mockResolvedValue({ verdict: 'even', expected: 'even', checks: [] } as never)
    vi.mocked(onCluster).mockImplementation(async (_, use) =>
      use({
        equipment: settings.equipment,
        info: () => Promise.reject(new Error('far enough')),
        run: (_scenario, how, act) => act({ ...settings, ...how }),
      }),
    )
    await inProcess(scaleCommand(), ['headless-max-age', '3', '4', ...more])
    const [setup, , changes, patienceSeconds] = vi.mocked(measureChanges).mock.calls[0] ?? []
    expect(setup?.scenario.values.server.maxConnectionAgeSeconds).toBe(5)
    expect(changes?.map(({ name }) => name)).toEqual(['scaling 3 to 4'])
    expect(patienceSeconds).toBe(patience)
    const checks: ScenarioResult['checks'] | undefined = vi.mocked(resultOfChanges).mock.lastCall?.[2]
    expect(checks?.[0]).toMatchObject(found)
  })
})

describe('secondsSince', () => {
  it('is told to a tenth', () => {
    vi.useFakeTimers({ now: 100_000 })
    expect(secondsSince(98_766)).toBe(1.2)
  })
})
