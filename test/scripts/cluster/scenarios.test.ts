import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { boundOf } from '../../../scripts/cluster/changes.ts'
import { releaseValues } from '../../../scripts/cluster/release-values.ts'
import { readScenarios, scenarioNamed } from '../../../scripts/cluster/scenarios.ts'
import { usageError } from '../../../scripts/lib/exit.ts'
import { projectRoot, runTool } from '../../chart/helm.ts'

const scenarios = readScenarios()
const names = scenarios.map(({ name }) => name)

/** The design's table. */
const designed = [
  'cluster-ip',
  'headless-pick-first',
  'headless-round-robin',
  'headless-max-age',
  'endpoint-slices',
  'client-least-request',
  'lookaside-xds',
  'envoy-sidecar',
  'istio-off',
  'istio-client-only',
  'istio-mesh',
  'istio-round-robin',
  'istio-random',
  'istio-consistent-hash',
  'istio-locality',
  'istio-fault',
  'istio-canary',
  'gateway-api-mesh',
  'north-south',
  'envoy-gateway',
  'linkerd',
  'istio-ambient',
  'istio-proxyless',
]

const standing = { image: undefined, replicas: 3, client: undefined, gatewayClasses: [], sets: [] }

describe('readScenarios', () => {
  it('has every scenario of the design', () => {
    expect(names).toEqual(expect.arrayContaining(designed))
  })

  it('begins with the problem, goes on to its cures, and comes to what needs most', () => {
    expect(names.slice(0, 8)).toEqual(designed.slice(0, 8))
    const needs = scenarios.slice(11).map((scenario) => scenario.needs.length)
    expect(needs).toEqual(needs.toSorted((a, b) => a - b))
  })

  it('takes no example of a team’s own service, and no second release, for a scenario', () => {
    for (const name of ['orders', 'podinfo', 'prod', 'client-job', 'istio-canary.canary']) {
      expect(existsSync(`${projectRoot}/values/${name}.yaml`)).toBe(true)
      expect(names).not.toContain(name)
    }
  })

  it.each(scenarios)('says of $name what it is and when to choose it', ({ what, when }) => {
    for (const line of [what, when]) {
      expect(line).toMatch(/^[A-Z][^\n]{20,}/)
      expect(line).not.toMatch(/^(Scenario|yaml-language-server)/)
    }
  })

  it.each(scenarios)('has values and files of all releases of $name', ({ name, release, releases, values }) => {
    expect(releases[0]).toEqual({ name: release, file: `values/${name}.yaml` })
    for (const { file } of releases) expect(existsSync(`${projectRoot}/${file}`), file).toBe(true)
    expect(new Set(releases.map((each) => each.name)).size).toBe(releases.length)
    expect(values).toBeTypeOf('object')
  })

  it.each(scenarios)('weighs releases in $name by a value, or not at all', (scenario) => {
    const { steps, weightValue, judgeAs, expected, releases } = scenario
    expect([steps.length > 0, weightValue !== '', judgeAs === 'weighted', expected === 'matches-weights']).toEqual(
      Array(4).fill(steps.length > 0),
    )
    for (const step of steps) {
      expect(Object.keys(step).sort()).toEqual(releases.map(({ name }) => name).sort())
      expect(Object.values(step).reduce((sum, weight) => sum + weight, 0)).toBe(100)
    }
    if (steps.length > 0) expect(weightValue.split('RELEASE')).toHaveLength(2)
  })

  it.each(scenarios)('expects of new pods in $name what can be', ({ scaleTo, newPods, values, judgeAs, steps }) => {
    const servers = values.replicaCount ?? 3
    if (scaleTo > 0) expect(scaleTo).toBeGreaterThan(servers)
    if (scaleTo > 0) expect([judgeAs === 'weighted', steps.length]).toEqual([false, 0])
    expect(boundOf(values)).toBeLessThan(180)
    if (newPods === 'never') expect(values.server?.maxConnectionAgeSeconds ?? 0).toBe(0)
  })

  it.each(scenarios.filter(({ steps }) => steps.length > 0))(
    'renders the weights of $name into the routes',
    async (scenario) => {
      const { files, values, sets } = releaseValues(scenario, scenario.release, {
        ...standing,
        weights: { [scenario.release]: 61, canary: 39 },
      })
      const args = [...files.flatMap((file) => ['-f', file]), '-f', '-', ...sets.flatMap((set) => ['--set', set])]
      const rendered = await runTool(
        'helm',
        ['template', scenario.release, 'charts/echo', ...args],
        JSON.stringify(values),
      )
      expect(rendered).toMatchObject({ code: 0, stderr: '' })
      expect([...rendered.stdout.matchAll(/^ +(?:- )?weight: (\d+)$/gm)].map(([, weight]) => weight).sort()).toEqual([
        '39',
        '61',
      ])
    },
  )
})

describe('scenarioNamed', () => {
  it('is the one of that name', () => {
    expect(scenarioNamed('istio-mesh', scenarios)).toBe(scenarios.find(({ name }) => name === 'istio-mesh'))
  })

  it('names those there are when there is none', () => {
    expect(() => scenarioNamed('istio', scenarios)).toThrow(
      usageError(`there is no scenario istio: choose among ${names.join(', ')}`),
    )
  })
})
