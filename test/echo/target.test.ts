import { afterEach, describe, expect, it, vi } from 'vitest'
import { exitCode } from '../../scripts/lib/exit.ts'
import { checkTarget } from '../../services/echo/src/target.ts'

afterEach(() => vi.unstubAllEnvs())

describe('a target', () => {
  it.each([
    'localhost:8080',
    'grpc-server-echo:8080',
    'grpc-server-echo.shop.svc.cluster.local:8080',
    '10.0.0.7:8080',
    '[::1]:8080',
    'dns:grpc-server-echo:8080',
    'dns:///grpc-server-echo:8080',
    'ipv4:10.0.0.7:8080,10.0.0.8:8080',
    'ipv6:[::1]:8080,[::2]:8080',
    'unix:/run/echo.sock',
    'unix:///run/echo.sock',
    'k8s:///orders.shop:8080',
    'k8s:///orders.shop:grpc',
    'k8s:///orders:grpc',
    'xds:///orders.shop:8080',
    'xds:///orders',
  ])('%s is taken', (target) => {
    expect(() => checkTarget(target)).not.toThrow()
  })

  it.each([
    ['', '-h is empty: give HOST:PORT, such as localhost:8080.'],
    ['  ', '-h is empty: give HOST:PORT, such as localhost:8080.'],
    ['server', '-h server: the port of server is missing: write server:8080, say.'],
    ['dns:///server', '-h dns:///server: the port of server is missing: write server:8080, say.'],
    [
      'http://server:80',
      '-h http://server:80: unknown scheme http: use one of dns, ipv4, ipv6, unix, k8s, xds, or plain HOST:PORT.',
    ],
    ['xds:server', '-h xds:server: write xds:///NAME, such as xds:///orders.shop:8080.'],
    ['xds:///', '-h xds:///: write xds:///NAME, such as xds:///orders.shop:8080.'],
    ['xds://authority/x', '-h xds://authority/x: write xds:///NAME, such as xds:///orders.shop:8080.'],
    [
      'k8s:orders.shop:80',
      '-h k8s:orders.shop:80: write k8s:///SERVICE.NAMESPACE:PORT, such as k8s:///orders.shop:8080.',
    ],
    [
      'k8s:///orders.shop',
      '-h k8s:///orders.shop: "orders.shop" names no port of a Service: it must end with a colon and the name or number of a port, such as orders.shop:8080.',
    ],
    [
      'dns://10.96.0.10/server:80',
      '-h dns://10.96.0.10/server:80: grpc-js asks the DNS server 10.96.0.10 only with GRPC_NODE_USE_ALTERNATIVE_RESOLVER=true set.',
    ],
  ])('"%s" is refused with one sentence', (target, sentence) => {
    vi.stubEnv('GRPC_NODE_USE_ALTERNATIVE_RESOLVER', undefined)
    expect(() => checkTarget(target)).toThrow(expect.objectContaining({ message: sentence, exitCode: exitCode.usage }))
  })

  it('may name a DNS server when the resolver that reads it is chosen', () => {
    vi.stubEnv('GRPC_NODE_USE_ALTERNATIVE_RESOLVER', 'true')
    expect(() => checkTarget('dns://10.96.0.10/server:80')).not.toThrow()
  })

  it.each([
    ['HTTP://server:80', 'a scheme in capitals is a scheme too, and grpc-js knows none of these'],
    ['DNS:///server:8080', 'grpc-js compares schemes as they are written'],
    ['ipv4:10.0.0.7,10.0.0.8:8080', 'the first address has no port: 443 is dialled'],
    ['ipv4:localhost:8080', 'a name is no IPv4 address'],
    ['::1', 'an IPv6 address without brackets has no port: 443 is dialled'],
    [':8080', 'the host is missing'],
    ['server:99999', 'no such port'],
    ['unix:', 'the path is missing'],
  ])('%s is refused: %s', (target) => {
    expect(() => checkTarget(target)).toThrow(expect.objectContaining({ exitCode: exitCode.usage }))
  })
})
