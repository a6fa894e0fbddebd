import { type Command, InvalidArgumentError, Option } from 'commander'
import { imageValues } from '../cluster/image.ts'
import { numberFrom, repeatable, wholeNumber } from '../lib/option-values.ts'

/** What every command that runs scenarios on a cluster is told. */
export interface ClusterCommandOptions {
  readonly context?: string
  readonly image?: string
  readonly set: readonly string[]
  readonly servers?: number
  readonly clients: number
  readonly requests?: number
  readonly concurrency?: number
  readonly rps?: number
  readonly slowPodMilliseconds: number
  readonly clientArg: readonly string[]
  readonly keep: boolean
  readonly timeout: number
}

/** Adds these options to a command. */
export function withClusterOptions(command: Command, timeoutSeconds: number): Command {
  return command
    .addOption(
      new Option('--requests <n>', 'calls of each client (default: as the scenario says)').argParser(
        wholeNumber(1, 10_000_000),
      ),
    )
    .addOption(new Option('--concurrency <n>', 'calls of each client at a time').argParser(wholeNumber(1, 10_000)))
    .addOption(
      new Option('--rps <n>', 'calls per second of each client, whether or not earlier ones have ended').argParser(
        numberFrom(0.001, 'a rate above 0'),
      ),
    )
    .addOption(
      new Option('--slow-pod-milliseconds <n>', 'have one of the servers take this long for each call')
        .default(0)
        .argParser(wholeNumber(0, 60_000)),
    )
    .addOption(
      new Option('--clients <n>', 'client pods, each with connections of its own')
        .default(1)
        .argParser(wholeNumber(1, 200)),
    )
    .addOption(
      new Option('--servers <n>', 'server pods (default: as the scenario says)').argParser(wholeNumber(1, 100)),
    )
    .addOption(
      repeatable('--set <key=value>', 'a value over those of the scenario, as with helm; may be repeated', /^[^=]+=/),
    )
    .addOption(
      repeatable(
        '--client-arg <arg>',
        'one more argument of the echo client, such as --payload-bytes=1024; may be repeated',
      ),
    )
    .addOption(
      new Option('--image <name:tag>', "image of the echo program (default: the chart's)")
        .env('EVENLY_IMAGE')
        .argParser(imageWithVersion),
    )
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .option('--keep', 'leave the namespace and all in it', false)
    .addOption(
      new Option('--timeout <seconds>', 'give up on a scenario after this long')
        .default(timeoutSeconds)
        .argParser(wholeNumber(1, 86_400)),
    )
}

/** Refuses at once what would otherwise be refused when the namespace is there. */
function imageWithVersion(image: string): string {
  try {
    imageValues(image)
  } catch {
    throw new InvalidArgumentError('It names no version: write NAME:TAG.')
  }
  return image
}
