import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { nearest } from '../lib/check/nearest.ts'
import { usageError } from '../lib/exit.ts'
import { expectationIn, proseOf, type Scenario, yamlIn } from './scenario.ts'

const folder = resolve(import.meta.dirname, '../../values')

/**
 * Every scenario there is: each values file that says what it is expected to show. A file NAME.RELEASE.yaml is another
 * release of scenario NAME. In the order of `order`, then by name.
 */
export function readScenarios(): Scenario[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.flatMap((file) => readScenario(file, files) ?? []).sort((a, b) => placeOf(a) - placeOf(b))
}

/** @throws EvenlyError (64) for a name that is none, with those there are */
export function scenarioNamed(name: string, scenarios: readonly Scenario[]): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found) return found
  const names = scenarios.map((each) => each.name)
  const near = nearest(name, names)
  throw usageError(
    `there is no scenario ${name}: ${near ? `did you mean ${near}?` : `choose among ${names.join(', ')}`}`,
  )
}

function readScenario(file: string, files: readonly string[]): Scenario | undefined {
  const text = readFileSync(join(folder, file), 'utf8')
  const expectation = expectationIn(`values/${file}`, text)
  if (expectation === undefined) return undefined
  const name = file.slice(0, -'.yaml'.length)
  const beside = files.flatMap((other) => {
    const [, release] = other.startsWith(`${name}.`) ? (/^[^.]+\.([^.]+)\.yaml$/.exec(other) ?? []) : []
    return release === undefined ? [] : [{ name: release, file: `values/${other}` }]
  })
  const releases = [{ name: expectation.release, file: `values/${file}` }, ...beside]
  return { name, ...proseOf(text), ...expectation, releases, values: yamlIn(`values/${file}`, text) ?? {} }
}

/** From the problem to its cures, and those that need least first. */
const order = [
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
]

const placeOf = ({ name, needs }: Scenario): number => {
  const place = order.indexOf(name)
  return place === -1 ? order.length + needs.length : place
}
