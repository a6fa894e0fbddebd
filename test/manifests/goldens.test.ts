import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type Expectation, expectationIn } from '../../scripts/cluster/scenario.ts'
import type { Finding } from '../../scripts/lib/findings/finding.ts'
import { allRules } from '../../scripts/lib/manifest-rules/all-rules.ts'
import { checkManifests } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import type { Measured } from '../../scripts/lib/manifest-rules/manifest-rule.ts'
import { projectRoot, renderText } from '../chart/helm.ts'
import { valuesFiles } from '../chart/values-files.ts'

/** Errors in a render that its scenario does not ask for, and why they are truly there. */
const onPurpose: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'test/chart/values/istio.yaml': {
    'subset-labels DestinationRule shop/x-echo': 'its subsets are versions that it does not run itself',
  },
}

/** Scenarios of two releases in one namespace. */
const pairs: Readonly<Record<string, string>> = {
  'values/gateway-api-mesh.yaml': 'values/gateway-api-mesh.canary.yaml',
  'values/istio-canary.yaml': 'values/istio-canary.canary.yaml',
}

describe('check finds no error in what the chart makes of', () => {
  it.each(valuesFiles)('%s, but for what its scenario shows', (file) => {
    const text = readFileSync(join(projectRoot, 'test/chart/golden', goldenOf(file)), 'utf8')
    expectWhatIsShown(file, errorsIn(file, text))
  })

  it.each(Object.entries(pairs))('%s beside %s', async (stable, canary) => {
    const both = await Promise.all([
      renderText('stable', ['-f', join(projectRoot, stable)]),
      renderText('canary', ['-f', join(projectRoot, canary)]),
    ])
    expect(errorsIn(stable, ...both)).toEqual([])
  })
})

describe('a scenario that shows a mistake', () => {
  const mistakes = valuesFiles.flatMap((file) => [...shownBy(scenarioOf(file))].map((shown) => [file, shown] as const))

  it('is among them', () => {
    expect(mistakes).toContainEqual(['values/cluster-ip.yaml', 'pinned'])
    expect(mistakes).toContainEqual(['values/headless-pick-first.yaml', 'pinned'])
    expect(mistakes).toContainEqual(['values/istio-off.yaml', 'pinned'])
    expect(mistakes).toContainEqual(['values/headless-round-robin.yaml', 'starved'])
  })
})

/** Every mistake of the scenario is found, and nothing that is neither that nor meant so. */
function expectWhatIsShown(file: string, errors: readonly Finding[]): void {
  const shown = shownBy(scenarioOf(file))
  const measured = errors.map(({ rule }) => measuredOf(rule))
  for (const each of shown) expect(measured, `what ${file} shows`).toContain(each)
  const others = errors.filter(({ rule }) => !shown.has(measuredOf(rule)))
  expect(namesOf(others)).toEqual(Object.keys(onPurpose[file] ?? {}))
}

/** What is measured to go wrong with a scenario, as its own head tells. */
function shownBy(scenario: Expectation | undefined): Set<Measured | undefined> {
  if (scenario?.expected === 'pinned') return new Set(['pinned'])
  return new Set(scenario?.newPods === 'never' ? ['starved'] : [])
}

function scenarioOf(file: string): Expectation | undefined {
  return expectationIn(file, readFileSync(join(projectRoot, file), 'utf8'))
}

/** The errors in renders of a scenario, in the namespace that it asks for. */
function errorsIn(file: string, ...renders: readonly string[]): Finding[] {
  const labels = scenarioOf(file)?.namespaceLabels ?? {}
  const namespace = stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } })
  const texts = [namespace, ...renders].map((text, i) => ({ file: `${i}.yaml`, text }))
  return checkManifests(texts).filter(({ severity }) => severity === 'error')
}

function measuredOf(id: string): Measured | undefined {
  return allRules.find((rule) => rule.id === id)?.proof?.before
}

const goldenOf = (file: string): string => file.replace('test/chart/values/', 'test-values/')
const namesOf = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.map(({ rule, object }) => `${rule} ${object}`)),
]
