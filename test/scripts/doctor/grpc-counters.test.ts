import { describe, expect, it } from 'vitest'
import { handledCalls } from '../../../scripts/cluster/doctor/grpc-counters.ts'

describe('handledCalls', () => {
  it.each([
    [
      'adds methods and codes of go-grpc-middleware',
      'grpc_server_handled_total{grpc_service="shop.Orders",grpc_code="OK"} 12\ngrpc_server_handled_total{grpc_service="shop.Orders",grpc_code="NotFound"} 3\n',
      15,
    ],
    [
      'reads the names of gRPC itself',
      'grpc_server_call_duration_seconds_count{grpc_method="shop.Orders/Buy"} 1.2e+03\n',
      1200,
    ],
    [
      'reads those of OpenTelemetry',
      'rpc_server_duration_milliseconds_count{rpc_system="grpc",rpc_service="shop.Orders"} 9\n',
      9,
    ],
    ['counts a call once that several families count', 'grpc_server_started_total 8\ngrpc_server_handled_total 7\n', 7],
    [
      'leaves out health and reflection',
      'grpc_server_handled_total{grpc_service="grpc.health.v1.Health",grpc_code="OK"} 999\ngrpc_server_handled_total{grpc_service="shop.Orders"} 1\n',
      1,
    ],
    [
      'is 0 of a server that nobody has called',
      'grpc_server_handled_total{grpc_service="shop.Orders",grpc_code="OK"} 0\n',
      0,
    ],
    [
      'is unknown where another protocol is counted',
      'rpc_server_duration_milliseconds_count{rpc_system="jsonrpc"} 9\n',
      undefined,
    ],
    [
      'is unknown where nothing is counted',
      '# HELP grpc_server_handled_total Calls.\nup 1\ngrpc_client_handled_total 4\n',
      undefined,
    ],
    ['passes over what is no number', 'grpc_server_handled_total{a="b"} NaN\n', undefined],
  ])('%s', (_, page, calls) => {
    expect(handledCalls(page)).toBe(calls)
  })
})
