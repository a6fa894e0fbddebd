import { Command, Option } from 'commander'
import { usageError } from '../../../scripts/lib/exit.ts'
import type { Policy, VerdictName } from '../../../scripts/lib/verdict.ts'
import type { Utilization } from './load-reports/utilization.ts'
import type { MetricNaming } from './metrics/names/naming.ts'
import {
  clientOptions,
  commonOptions,
  kubernetesOptions,
  lookasideOptions,
  type OptionOf,
  serverOptions,
} from './options.ts'
import { refuseContradictions, refuseOriginsAlone, refuseUseless } from './refusals.ts'
import { checkTarget } from './target.ts'

/** Options of all modes. */
interface CommonConfig {
  readonly adminListen: string
  /** What calls are measured under. */
  readonly metricNames: readonly MetricNaming[]
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
  readonly utilization: Utilization
  readonly grpcWeb: boolean | undefined
  /** Undefined: no page of another origin may call. */
  readonly grpcWebOrigins: readonly string[] | undefined
}

/** Options of whoever watches Kubernetes. */
interface KubernetesConfig {
  /** Undefined: the API server of the cluster that the process runs in, with its service account. */
  readonly kubernetesApi: string | undefined
}

export interface ClientConfig extends CommonConfig, KubernetesConfig {
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
  /** Undefined: any pod waits. */
  readonly slowPeer: string | undefined
  readonly payloadBytes: number
  readonly addresses: boolean | undefined
  /** Undefined, as `keys` is: calls carry no key. */
  readonly keyHeader: string | undefined
  readonly keys: number | undefined
  readonly timeoutSeconds: number
  readonly lbPolicy: string | undefined
  readonly serviceConfig: string | undefined
  readonly maxAttempts: number
  readonly dnsMinIntervalSeconds: number
  readonly readyTimeoutSeconds: number
  readonly warmUpSeconds: number
  readonly peers: number | undefined
  /** Undefined: nothing is known of a proxy. */
  readonly proxyAdmin: string | undefined
  readonly judgeAs: Policy | undefined
  readonly expect: VerdictName | undefined
  /** Undefined: calls may fail, but not all of them. */
  readonly maxFailed: number | undefined
  readonly window: number
  readonly output: 'text' | 'json' | 'jsonl'
  readonly progressSeconds: number
  readonly report: string | undefined
  readonly quiet: boolean
  readonly pageControls: boolean | undefined
  /** Undefined: the services of gRPC's interop tests are not served. */
  readonly statsListen: string | undefined
}

/** Options of the xDS control plane. */
export interface LookasideConfig extends CommonConfig, KubernetesConfig {
  readonly mode: 'lookaside'
  /** Where clients fetch their endpoints. */
  readonly xdsListen: string
  /** File that says which Services are served, and how. */
  readonly lookasideConfig: string
  /** Undefined, as the key is: plaintext. */
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
}

export type EchoConfig = ServerConfig | ClientConfig | LookasideConfig

/**
 * The command line of the image: `echo -s`, `echo -h TARGET` or `echo --lookaside`. Every option but the modes is also read from the
 * environment as ECHO_ and its name in capitals (`--drain-seconds`: ECHO_DRAIN_SECONDS); the command line wins.
 * @param run called with the checked, frozen options.
 */
export function echoCommand(version: string, run: (config: EchoConfig) => Promise<void>): Command {
  const command = new Command('echo')
    .description(
      'A gRPC echo that says who served whom: a server (-s), a client that tallies its calls (-h), or an xDS control plane that tells clients of them (--lookaside).',
    )
    .version(version)
    .helpOption('--help', 'this text')
    .option('-s, --server', 'server mode')
    .option('--lookaside', 'lookaside mode: watch Kubernetes, and tell gRPC clients their endpoints over xDS')
    .addOption(
      new Option(
        '-h, --host <target>',
        'client mode: HOST:PORT or any gRPC target (dns:///, ipv4:, k8s:///SERVICE.NAMESPACE:PORT, xds:///NAME)',
      ),
    )
  for (const option of commonOptions) command.addOption(withEnvironment(option()))
  command.optionsGroup('Server options:')
  for (const option of serverOptions) command.addOption(withEnvironment(option()))
  command.optionsGroup('Client options:')
  for (const option of clientOptions) command.addOption(withEnvironment(option()))
  command.optionsGroup('Lookaside options:')
  for (const option of lookasideOptions) command.addOption(withEnvironment(option()))
  command.optionsGroup('Options of whoever watches Kubernetes (k8s:/// targets, and --lookaside):')
  for (const option of kubernetesOptions) command.addOption(withEnvironment(option()))
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
  echo -h server:8080 --requests 1000 -o jsonl             a line of JSON each second, and the report as the last one
  echo -h k8s:///server.default:8080 --lb-policy least_request
  echo --lookaside --lookaside-config lookaside.yaml       tell clients of xds:/// targets where to call
  echo -h any-grpc-server:50051 --method Health            measure a server that is not evenly-echo
Exit codes: 0 as expected, 1 error, 64 usage, 69 unreachable, 79 verdict not met.`

function readConfig(command: Command): EchoConfig {
  const { server, host, lookaside, ...options } = command.opts()
  const modes = [server && '-s', host !== undefined && '-h', lookaside && '--lookaside'].filter((mode) => mode)
  if (modes.length > 1) throw usageError(`${modes.join(' and ')} are two modes: give one of them.`)
  const [mode] = modes
  if (!mode) throw usageError('say a mode: -s to serve, -h HOST:PORT to call a server, or --lookaside.')
  refuseUseless(command, uselessTo(mode), mode)
  if (lookaside) return Object.freeze({ ...options, mode: 'lookaside' } as LookasideConfig)
  if (server) {
    refuseOriginsAlone(command, options as ServerConfig)
    return Object.freeze({ mode: 'server', ...options } as ServerConfig)
  }
  checkTarget(host)
  refuseContradictions(command, { ...options, target: host } as ClientConfig)
  const paced = [options.requests, options.durationSeconds, options.rps].some((value) => value !== undefined)
  const intervalSeconds = options.intervalSeconds ?? (paced || options.concurrency > 1 ? 0 : 5)
  return Object.freeze({ ...options, mode: 'client', target: host, intervalSeconds } as ClientConfig)
}

/** Options that a mode has no use for. */
function uselessTo(mode: string): readonly OptionOf[] {
  if (mode === '-s') return [...clientOptions, ...lookasideOptions, ...kubernetesOptions]
  return mode === '-h' ? [...serverOptions, ...lookasideOptions] : [...serverOptions, ...clientOptions]
}

function withEnvironment(made: Option): Option {
  return made.env(`ECHO_${made.name().toUpperCase().replaceAll('-', '_')}`)
}
