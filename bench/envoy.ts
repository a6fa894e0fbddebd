import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hostAndPort } from '../scripts/lib/address.ts'

/** The Envoy of the variable EVENLY_ENVOY, or on PATH; undefined where there is none. */
export function envoyProgram(): string | undefined {
  if (process.env.EVENLY_ENVOY) return process.env.EVENLY_ENVOY
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'envoy')).find((file) => existsSync(file))
}

/** Starts an Envoy with LEAST_REQUEST in front of these servers, as it is without any settings; resolves to what ends it. */
export async function startEnvoy(
  program: string,
  listen: string,
  servers: readonly string[],
): Promise<() => Promise<unknown>> {
  const config = JSON.stringify(configOf(listen, servers))
  const args = ['--config-yaml', config, '--concurrency', '1', '--log-level', 'error', '--disable-hot-restart']
  const envoy = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  await listening(envoy, listen)
  return () => {
    const exited = once(envoy, 'exit')
    envoy.kill()
    return exited
  }
}

async function listening(envoy: ChildProcess, address: string): Promise<void> {
  const { host, port } = hostAndPort(address)
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    if (envoy.exitCode !== null) throw new Error(`envoy ended with ${envoy.exitCode} before it listened`)
    const socket = connect(port, host)
    const connected = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (connected) return
  }
  envoy.kill()
  throw new Error(`envoy did not listen on ${address} within 30 s`)
}

function configOf(listen: string, servers: readonly string[]): object {
  const typed = (type: string, fields: object) => ({
    '@type': `type.googleapis.com/envoy.extensions.${type}`,
    ...fields,
  })
  const route = { match: { prefix: '/' }, route: { cluster: 'servers', timeout: '0s' } }
  const manager = typed('filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'in',
    codec_type: 'HTTP2',
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [route] }] },
    http_filters: [{ name: 'router', typed_config: typed('filters.http.router.v3.Router', {}) }],
  })
  const cluster = {
    name: 'servers',
    type: 'STATIC',
    lb_policy: 'LEAST_REQUEST',
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed('upstreams.http.v3.HttpProtocolOptions', {
        explicit_http_config: { http2_protocol_options: {} },
      }),
    },
    load_assignment: {
      cluster_name: 'servers',
      endpoints: [{ lb_endpoints: servers.map((server) => ({ endpoint: { address: socketAddress(server) } })) }],
    },
  }
  const filters = [{ name: 'http', typed_config: manager }]
  const listener = { name: 'in', address: socketAddress(listen), filter_chains: [{ filters }] }
  return { static_resources: { listeners: [listener], clusters: [cluster] } }
}

function socketAddress(address: string): object {
  const { host, port } = hostAndPort(address)
  return { socket_address: { address: host, port_value: port } }
}
