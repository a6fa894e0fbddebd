import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { credentials } from '@grpc/grpc-js'
import { badInput, exitCode, unavailable } from '../../../scripts/lib/exit.ts'
import type { Policy, Verdict } from '../../../scripts/lib/verdict.ts'
import { registerPolicies } from './balancing/register-policies.ts'
import { chooseBalancing } from './balancing/service-config.ts'
import { type Caller, streamCaller, unaryCaller } from './callers.ts'
import type { ClientConfig } from './config.ts'
import { Connection } from './connection.ts'
import { healthCaller } from './health-caller.ts'
import { destinationOf } from './proxy/destination.ts'
import { ProxyAdmin } from './proxy/proxy-admin.ts'
import { formatReport, judgeCounts, type Report } from './report.ts'
import { isXds, resolvedAddresses } from './resolved-addresses.ts'
import { type ClientParts, Run } from './run.ts'
import type { Counts } from './tally.ts'
import { type ClientTracing, noClientTracing } from './tracing/call-trace.ts'
import { judgeByAddress } from './unnamed-peers.ts'
import { EchoClient } from './wire.ts'

/** A client that is set up and has not called yet. */
export interface EchoClientRun {
  readonly connection: Connection
  /** Who the server tallies. */
  readonly clientId: string
  /** Name of the policy the channel really uses; `xds` where the control plane chooses it. */
  readonly policy: string
  /** How its calls ought to spread. */
  readonly judgeAs: Policy
  /** The verdict on answered calls; `mixed` when they are only a part of the channel's, which took turns in between. */
  judge(counts: Counts['counts'], mixed?: boolean): Verdict
  /** Its calls, for who wants more of them than the options say. */
  readonly calls: Run
  /** Calls until done or `stop` aborts; resolves to the report, rejects (69) when no server was ever reached. */
  run(stop: AbortSignal): Promise<Report>
}

/** Opens one channel to `config.target`; nothing is called before `run`. Throws a usage error for a bad policy. */
export function createEchoClient(config: ClientConfig, parts: ClientParts): EchoClientRun {
  const { target } = config
  const { serviceConfigJson, policy } = isXds(target) ? controlPlaneBalancing() : chooseBalancing(config)
  const tracing = parts.tracing?.client({ target, policy }) ?? noClientTracing
  const client = openClient(config, serviceConfigJson && tracing.serviceConfig(serviceConfigJson))
  const connection = new Connection(client, (reachable, reason) => {
    parts.say(
      reachable ? `connected to ${target}` : `${target} is not reachable (${reason}): trying again, with pauses`,
    )
  })
  const caller = openCaller(client, config, { ...parts, tracing })
  const proxy =
    config.proxyAdmin === undefined ? undefined : new ProxyAdmin(config.proxyAdmin, destinationOf(target), parts.say)
  const clientId = config.clientId ?? hostname()
  const judgeAs = config.judgeAs ?? (policy === 'round_robin' ? 'round_robin' : 'random')
  const judging = { judgeAs, peers: config.peers }
  let addresses: readonly string[] = []
  const judge = (counts: Counts['counts'], mixed = false): Verdict => {
    // Whose turns others took in between has no strict turns of its own.
    const by: typeof judging = mixed && judgeAs === 'round_robin' ? { ...judging, judgeAs: 'random' } : judging
    return config.method === 'Health' ? judgeByAddress(counts, by, addresses) : judgeCounts(counts, by)
  }
  const calls = new Run({ ...parts, config, clientId, policy, judge, caller, connection })
  const run = async (stop: AbortSignal): Promise<Report> => {
    try {
      await firstContact(config, connection, proxy, stop)
      if (config.method === 'Health') addresses = await addressesOf(target, connection, stop)
      await proxy?.begin()
      const report = await calls.run(stop)
      const counted = await proxy?.counts()
      return counted ? { ...report, proxy: counted } : report
    } finally {
      caller.close()
      connection.close()
    }
  }
  return { connection, clientId, policy, judgeAs, judge, calls, run }
}

/** Writes the report where the options say, and tells the exit code. */
export async function finish(report: Report, config: ClientConfig, say: (line: string) => void): Promise<number> {
  say(formatReport(report))
  const json = JSON.stringify(report, undefined, 2)
  if (config.output === 'json') process.stdout.write(`${json}\n`)
  if (config.output === 'jsonl') process.stdout.write(`${JSON.stringify({ type: 'report', ...report })}\n`)
  if (config.report !== undefined) {
    await writeFile(config.report, `${json}\n`).catch((error: Error) => {
      throw badInput(`--report ${config.report}: ${error.message}: choose a file that can be written.`)
    })
  }
  if (report.gaveUp) return exitCode.unavailable
  if (report.expected !== undefined && report.verdict !== report.expected) return exitCode.verdictNotMet
  if (report.requests > 0 && report.failed === report.requests) return exitCode.unavailable
  if (report.failed <= (config.maxFailed ?? report.requests)) return exitCode.asExpected
  say(`too many calls failed: ${report.failed}, and --max-failed allows ${config.maxFailed}`)
  return exitCode.verdictNotMet
}

/** A control plane says how to balance, and may name a policy of ours. */
function controlPlaneBalancing(): { readonly serviceConfigJson: undefined; readonly policy: 'xds' } {
  registerPolicies()
  return { serviceConfigJson: undefined, policy: 'xds' }
}

/** Those of an xds:/// target are known to its channel alone. */
async function addressesOf(target: string, connection: Connection, stop: AbortSignal): Promise<readonly string[]> {
  if (isXds(target)) return connection.subchannels().map(({ address }) => address)
  return resolvedAddresses(target, stop)
}

function openCaller(
  client: InstanceType<typeof EchoClient>,
  config: ClientConfig,
  { observe, tracing }: Pick<ClientParts, 'observe'> & { tracing: ClientTracing },
): Caller {
  if (config.method === 'Health') return healthCaller(client, { ...config, observe, tracing })
  return (config.stream ? streamCaller : unaryCaller)(client, { ...config, observe, tracing })
}

function openClient(config: ClientConfig, serviceConfigJson: string | undefined): InstanceType<typeof EchoClient> {
  try {
    return new EchoClient(config.target, credentials.createInsecure(), {
      ...(serviceConfigJson !== undefined && { 'grpc.service_config': serviceConfigJson }),
      // A TXT record beside the name would otherwise override the policy chosen here.
      'grpc.service_config_disable_resolution': 1,
      // Channels with equal options share connections otherwise, and the count of connections lies.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.dns_min_time_between_resolutions_ms': config.dnsMinIntervalSeconds * 1000,
      'grpc.max_reconnect_backoff_ms': 10_000,
      ...(config.keepaliveTimeSeconds > 0 && {
        'grpc.keepalive_time_ms': config.keepaliveTimeSeconds * 1000,
        'grpc.keepalive_timeout_ms': config.keepaliveTimeoutSeconds * 1000,
        'grpc.keepalive_permit_without_calls': 1,
      }),
    })
  } catch (error) {
    throw badInput(`--service-config: ${(error as Error).message}.`)
  }
}

/** Waits until a server is reached and every connection had its chance, so that the window opens on all of them. */
async function firstContact(
  config: ClientConfig,
  connection: Connection,
  proxy: ProxyAdmin | undefined,
  stop: AbortSignal,
): Promise<void> {
  const bounded = config.requests !== undefined || config.durationSeconds !== undefined
  const signal = bounded ? AbortSignal.any([stop, AbortSignal.timeout(config.readyTimeoutSeconds * 1000)]) : stop
  const reached = await connection.untilReachable(signal)
  if (!reached && !stop.aborted) {
    throw unavailable(
      `${config.target} was not reachable for ${config.readyTimeoutSeconds} s: is the server up, and the name right?`,
    )
  }
  const { warmUpSeconds, peers = 1 } = config
  await Promise.all([connection.untilSettled(warmUpSeconds, stop), proxy?.untilKnown(peers, warmUpSeconds, stop)])
}
