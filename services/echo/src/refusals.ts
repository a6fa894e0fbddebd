import type { Command } from 'commander'
import { usageError } from '../../../scripts/lib/exit.ts'
import type { ClientConfig, ServerConfig } from './config.ts'
import { clientOptions, kubernetesOptions, type OptionOf } from './options.ts'
import { lasts } from './pace.ts'
import { isXds } from './resolved-addresses.ts'

/** Throws a usage error (64) for options of a client that contradict each other or have nothing to do. */
export function refuseContradictions(command: Command, config: ClientConfig): void {
  const { method, stream, rps, concurrency, output, slowPeer, delayMilliseconds, keyHeader, keys } = config
  if (rps !== undefined && concurrency > 1) {
    throw usageError('--rps sets the pace and --concurrency waits for rounds: give one of them.')
  }
  if (stream && method === 'Health') {
    throw usageError('--stream sends messages of Hello and --method Health has no stream: give one of them.')
  }
  refuseUseless(command, named(saysNothingTo[method]), `--method ${method}`)
  if (!lasts(config)) refuseUseless(command, named(['--page-controls']), 'a client that ends by itself')
  if (output !== 'jsonl') refuseUseless(command, named(['--progress-seconds']), `-o ${output}`)
  refuseForTarget(command, config)
  if (method === 'Health') return
  if ((keyHeader === undefined) !== (keys === undefined)) {
    throw usageError('--key-header says where a key stands and --keys how many there are: give both or neither.')
  }
  if (stream && keys !== undefined) {
    throw usageError('--keys gives each call a key and --stream is one call: give one of them.')
  }
  if (slowPeer !== undefined && delayMilliseconds === 0) {
    throw usageError('--slow-peer says who shall wait and --delay-milliseconds how long: give both.')
  }
}

/** What an option says that the target's scheme has no ear for. */
function refuseForTarget(command: Command, { target, lbPolicy, serviceConfig }: ClientConfig): void {
  if (!target.startsWith('k8s:')) refuseUseless(command, kubernetesOptions, 'a target that is not k8s:///')
  else refuseUseless(command, named(['--dns-min-interval-seconds']), 'a k8s:/// target')
  if (!isXds(target)) return
  const [given] = Object.entries({ '--lb-policy': lbPolicy, '--service-config': serviceConfig }).flatMap(
    ([name, value]) => (value === undefined ? [] : [name]),
  )
  if (given) throw usageError(`${given} does nothing with an xds:/// target: its control plane says how to balance.`)
  refuseUseless(command, named(['--max-attempts', '--dns-min-interval-seconds']), 'an xds:/// target')
}

/** Throws a usage error (64) for origins on the command line that open nothing. */
export function refuseOriginsAlone(command: Command, config: ServerConfig): void {
  if (config.grpcWeb || command.getOptionValueSource('grpcWebOrigins') !== 'cli') return
  throw usageError('--grpc-web-origins opens --grpc-web, which is off: give both or neither.')
}

/**
 * Throws a usage error (64) for the first of these options on the command line: with `choice` they do nothing. The
 * environment may hold them, which pods of several modes share; who writes them on the command line is mistaken.
 */
export function refuseUseless(command: Command, useless: readonly OptionOf[], choice: string): void {
  for (const optionOf of useless) {
    const option = optionOf()
    if (command.getOptionValueSource(option.attributeName()) !== 'cli') continue
    throw usageError(`${option.long} does nothing with ${choice}: leave it out.`)
  }
}

const named = (names: readonly string[]): OptionOf[] =>
  clientOptions.filter((option) => names.includes(option().long ?? ''))

/** Options that one of the methods has no use for. */
const saysNothingTo: Readonly<Record<ClientConfig['method'], readonly string[]>> = {
  Hello: ['--health-service'],
  Health: [
    '--message',
    '--delay-milliseconds',
    '--slow-peer',
    '--payload-bytes',
    '--addresses',
    '--key-header',
    '--keys',
  ],
}
