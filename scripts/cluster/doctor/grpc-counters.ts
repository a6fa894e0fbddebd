/**
 * Calls that a gRPC server has handled since it started, from its page of metrics in Prometheus' text format; undefined when the
 * page tells of none. Known are the names of go-grpc-middleware, of gRPC itself (A66) and of OpenTelemetry; calls of gRPC's own
 * services, health and reflection, are no calls of the application.
 */
export function handledCalls(page: string): number | undefined {
  const families = new Map<string, number>()
  for (const line of page.split('\n')) {
    const [, name = '', labels = '', value] = sample.exec(line) ?? []
    const family = counters.indexOf(name)
    if (family < 0 || (name.startsWith('rpc_') && !isGrpc(labels))) continue
    const calls = ownServices.test(labels) ? 0 : Number(value)
    if (Number.isFinite(calls)) families.set(name, (families.get(name) ?? 0) + calls)
  }
  // A server that exports several families counts every call in each.
  const first = counters.find((name) => families.has(name))
  return first === undefined ? undefined : families.get(first)
}

const counters = [
  'grpc_server_handled_total',
  'grpc_server_call_duration_seconds_count',
  'grpc_server_started_total',
  'grpc_server_call_started_total',
  'rpc_server_call_duration_seconds_count',
  'rpc_server_duration_milliseconds_count',
  'rpc_server_duration_seconds_count',
]

const sample = /^([a-z_]+)(?:\{(.*)\})? (\d\S*)/

const isGrpc = (labels: string): boolean => /rpc_system(_name)?="grpc"/.test(labels)

const ownServices = /"\/?grpc\.(health|reflection|channelz)\./
