import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readScenarios } from '../../scripts/cluster/scenarios.ts'
import { rolloutCommand } from '../../scripts/commands/rollout.ts'
import { runCommand } from '../../scripts/commands/run.ts'
import { scaleCommand } from '../../scripts/commands/scale.ts'

const findings = readFileSync(fileURLToPath(new URL('../../docs/findings.md', import.meta.url)), 'utf8')
const lines = [...findings.matchAll(/^npx evenly (\S+) (\S+)(.*)$/gm)]
const commands = { run: runCommand, scale: scaleCommand, rollout: rolloutCommand }
const scenarios = readScenarios().map(({ name }) => name)

it('has a command below every answer', () => {
  const answers = findings.split('\n## ').slice(1)
  expect(answers.length).toBeGreaterThanOrEqual(6)
  for (const answer of answers) expect(answer).toMatch(/^```\nnpx evenly /m)
})

it.each(lines.map(([line, verb = '', scenario = '', rest = '']) => ({ line, verb, scenario, rest })))(
  'gives a command that there is: $line',
  ({ verb, scenario, rest }) => {
    expect(scenarios).toContain(scenario)
    const command = commands[verb as keyof typeof commands]()
    expect(command.parseOptions(rest.trim().split(/ +/)).unknown).toEqual([])
  },
)
