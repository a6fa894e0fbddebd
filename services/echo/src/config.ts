import { Command, Option } from 'commander'
import { usageError } from '../../../scripts/lib/exit.ts'
import type { Policy, VerdictName } from '../../../scripts/lib/verdict.ts'
import { clientOptions, commonOptions, type OptionOf, serverOptions } from './options.ts'
import { checkTarget } from './target.ts'

/** Options of both modes. */
interface CommonConfig {
  readonly adminListen: string
  readonly keepaliveTimeSeconds: number
  readonly keepaliveTimeoutSeconds: number
}

export interface ServerConfig extends CommonConfig {
  readonly mode: 'server'
  readonly listen: string
  /** 0: connections live for ever. */
  readonly maxConnectionAgeSeconds: number
  readonly maxConnectionAgeGraceSeconds: number
  readonly maxConcurrentStreams: number
  readonly maxReceiveMessageBytes: number
  readonly maxSendMessageBytes: number
  readonly notReadySeconds: number
  readonly drainSeconds: number
}

export interface ClientConfig extends CommonConfig {
  readonly mode: 'client'
  readonly target: string
  /** Undefined: for ever. */
  readonly requests: number | undefined
  readonly durationSeconds: number | undefined
  readonly concurrency: number
  /** Undefined: closed loop. */
  readonly rps: number | undefined
  readonly intervalSeconds: number
  readonly method: 'Hello' | 'Health'
  /** Undefined: the server as a whole. */
  readonly healthService: string | undefined
  readonly stream: boolean
  readonly clientId: string | undefined
  readonly message: string
  readonly delayMilliseconds: number
  readonly payloadBytes: number
  readonly timeoutSeconds: number
  readonly lbPolicy: string | undefined
  readonly serviceConfig: string | undefined
  readonly maxAttempts: number
  readonly dnsMinIntervalSeconds: number
  readonly readyTimeoutSeconds: number
  readonly warmUpSeconds: number
  readonly peers: number | undefined
  readonly judgeAs: Policy | undefined
  readonly expect: VerdictName | undefined
  /** Undefined: calls may fail, but not all of them. */
  readonly maxFailed: number | undefined
  readonly window: number
  readonly output: 'text' | 'json'
  readonly report: string | undefined
  readonly quiet: boolean
}

export type EchoConfig = ServerConfig | ClientConfig

/**
 * The command line of the image: `echo -s` or `echo -h TARGET`. Every option but the two modes is also read from the
 * environment as ECHO_ and its name in capitals (`--drain-seconds`: ECHO_DRAIN_SECONDS); the command line wins.
 * @param run called with the checked, frozen options.
 */
export function echoCommand(version: string, run: (config: EchoConfig) => Promise<void>): Command {
  const command = new Command('echo')
    .description('A gRPC echo that says who served whom: a server (-s), or a client that tallies its calls (-h).')
    .version(version)
    .helpOption('--help', 'this text')
    .option('-s, --server', 'server mode')
    .addOption(new Option('-h, --host <target>', 'client mode: HOST:PORT or any gRPC target (dns:///, ipv4:)'))
  for (const option of commonOptions) command.addOption(withEnvironment(option()))
  command.optionsGroup('Server options:')
  for (const option of serverOptions) command.addOption(withEnvironment(option()))
  command.optionsGroup('Client options:')
  for (const option of clientOptions) command.addOption(withEnvironment(option()))
  return command
    .addHelpText('after', helpExamples)
    .showSuggestionAfterError()
    .action(async () => run(readConfig(command)))
}

const helpExamples = `
Examples:
  echo -s                                                  serve on 8080
  echo -h server:8080                                      one call every 5 s, for ever
  echo -h server:8080 --concurrency 10                     ten calls, wait for all, print, for ever
  echo -h dns:///server-headless:8080 --lb-policy round_robin --requests 300 --expect even
  echo -h any-grpc-server:50051 --method Health            measure a server that is not evenly-echo
Exit codes: 0 as expected, 1 error, 64 usage, 69 unreachable, 79 verdict not met.`

function readConfig(command: Command): EchoConfig {
  const { server, host, ...options } = command.opts()
  if (server && host !== undefined) throw usageError('-s and -h are two modes: give one of them.')
  if (!server && host === undefined) throw usageError('say a mode: -s to serve, or -h HOST:PORT to call a server.')
  refuseUseless(command, server ? clientOptions : serverOptions, server ? '-s' : '-h')
  if (server) return Object.freeze({ mode: 'server', ...options } as ServerConfig)
  checkTarget(host)
  refuseContradictions(command, options as ClientConfig)
  const paced = [options.requests, options.durationSeconds, options.rps].some((value) => value !== undefined)
  const intervalSeconds = options.intervalSeconds ?? (paced || options.concurrency > 1 ? 0 : 5)
  return Object.freeze({ ...options, mode: 'client', target: host, intervalSeconds } as ClientConfig)
}

function refuseContradictions(command: Command, { method, stream, rps, concurrency }: ClientConfig): void {
  if (rps !== undefined && concurrency > 1) {
    throw usageError('--rps sets the pace and --concurrency waits for rounds: give one of them.')
  }
  if (stream && method === 'Health') {
    throw usageError('--stream sends messages of Hello and --method Health has no stream: give one of them.')
  }
  const useless = clientOptions.filter((option) => saysNothingTo[method].includes(option().long ?? ''))
  refuseUseless(command, useless, `--method ${method}`)
}

/** Options that one of the methods has no use for. */
const saysNothingTo: Readonly<Record<ClientConfig['method'], readonly string[]>> = {
  Hello: ['--health-service'],
  Health: ['--message', '--delay-milliseconds', '--payload-bytes'],
}

/** The environment may hold them, which pods of several modes share; who writes them on the command line is mistaken. */
function refuseUseless(command: Command, useless: readonly OptionOf[], choice: string): void {
  for (const optionOf of useless) {
    const option = optionOf()
    if (command.getOptionValueSource(option.attributeName()) !== 'cli') continue
    throw usageError(`${option.long} does nothing with ${choice}: leave it out.`)
  }
}

function withEnvironment(made: Option): Option {
  return made.env(`ECHO_${made.name().toUpperCase().replaceAll('-', '_')}`)
}
