import { Command, InvalidArgumentError } from 'commander'
import { scaling } from '../cluster/changes.ts'
import { scaledChecks } from '../cluster/scaled.ts'
import { readScenarios, scenarioNamed } from '../cluster/scenarios.ts'
import { usageError } from '../lib/exit.ts'
import { wholeNumber } from '../lib/option-values.ts'
import { type ChangeOptions, changeUnderLoad, withChangeOptions } from './change-under-load.ts'

/**
 * `evenly scale`: a stopwatch for new pods. Scales a scenario's servers from count to count while a client calls, and tells how
 * long each pod that joined waited for calls. Exit 0 when that is as the scenario says, and no call failed.
 */
export function scaleCommand(): Command {
  const command = new Command('scale')
    .description(
      "Scales a scenario's servers while a client calls, and tells when the new pods get calls, and what failed.",
    )
    .argument('<scenario>', 'as evenly run has them')
    .argument('<pods...>', 'how many servers, one count after another, such as 3 5 or 3 1 4', counts)
    .addHelpText('after', '\nExample: evenly scale headless-max-age 3 5')
    .action(scale)
  return withChangeOptions(command)
}

async function scale(name: string, pods: readonly number[], options: ChangeOptions): Promise<void> {
  const scenario = scenarioNamed(name, readScenarios())
  const [first, ...others] = pods
  if (first === undefined || others.length === 0)
    throw usageError('one count of pods is no change: give two or more, such as 3 5')
  if (options.servers !== undefined) throw usageError('--servers and the first count say the same: leave --servers out')
  await changeUnderLoad(
    scenario,
    { ...options, servers: first },
    {
      changes: scaling(pods),
      sets: [],
      checks: (changed, installed) => scaledChecks(installed, { ...changed, counts: pods }),
    },
  )
}

const oneCount = wholeNumber(1, 100)

function counts(value: string, earlier: readonly number[] | undefined): number[] {
  const count = oneCount(value)
  if (earlier?.at(-1) === count) throw new InvalidArgumentError(`It is ${count} twice in a row, which is no change.`)
  return [...(earlier ?? []), count]
}
