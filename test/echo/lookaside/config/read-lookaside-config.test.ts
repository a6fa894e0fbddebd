import { describe, expect, it } from 'vitest'
import { readLookasideConfig } from '../../../../services/echo/src/lookaside/config/read-lookaside-config.ts'

const read = (content: string) => readLookasideConfig(content, 'lookaside.yaml')
const refusal = (content: string): { message: string; exitCode: number } => {
  try {
    read(content)
  } catch (error) {
    return error as { message: string; exitCode: number }
  }
  throw new Error('it was accepted')
}

describe('the config of the control plane', () => {
  it('fills in the defaults', () => {
    expect(read('services: {orders.shop:8080: }')).toEqual({
      services: [
        {
          name: 'orders.shop:8080',
          policy: { name: 'round_robin', settings: {} },
          backends: [{ name: 'orders.shop:8080', service: 'orders', namespace: 'shop', port: '8080', weight: 1 }],
          failover: [],
          localities: 'none',
          zoneWeights: {},
          envoyListener: undefined,
        },
      ],
      discover: undefined,
      debounceMilliseconds: 10,
      maximumDebounceMilliseconds: 100,
    })
  })

  it('reads all there is, as YAML and as JSON', () => {
    const yaml = `
services:
  orders:
    policy: {least_request: {choiceCount: 3}}
    backends:
      - {service: orders.shop:grpc, weight: 90}
      - {service: orders-canary.shop:grpc, weight: 10}
    failover: [backup.shop:grpc]
    localities: weighted
    zoneWeights: {zone-a: 3, zone-b: 0}
    envoyListener: 127.0.0.1:10000
discover:
  namespaces: [shop]
  labelSelector: app in (a,b)
  policy: {pick_first: {}}
  localities: zoneFirst
debounceMilliseconds: 0
maximumDebounceMilliseconds: 50`
    const config = read(yaml)
    expect(config.services[0]).toMatchObject({
      name: 'orders',
      policy: { name: 'least_request', settings: { choiceCount: 3 } },
      backends: [
        { name: 'orders.shop:grpc', port: 'grpc', weight: 90 },
        { service: 'orders-canary', weight: 10 },
      ],
      failover: [{ service: 'backup', namespace: 'shop', port: 'grpc' }],
      localities: 'weighted',
      zoneWeights: { 'zone-a': 3, 'zone-b': 0 },
      envoyListener: '127.0.0.1:10000',
    })
    expect(config).toMatchObject({ debounceMilliseconds: 0, maximumDebounceMilliseconds: 50 })
    expect(config.discover).toEqual({
      namespaces: ['shop'],
      labelSelector: 'app in (a,b)',
      annotation: 'evenly-grpc.github.io/lookaside',
      policy: { name: 'pick_first', settings: {} },
      localities: 'zoneFirst',
      zoneWeights: {},
    })
    expect(read('{"services": {"orders.shop:80": {}}}').services).toHaveLength(1)
  })

  it.each([
    ['', 'lookaside.yaml: it says of no Service that it is served: add services or discover'],
    ['a: [', 'lookaside.yaml: this is no YAML ('],
    ['{services: {}, servces: {}}', 'lookaside.yaml: servces: there is no such key: did you mean services?'],
    [
      'services: {orders.shop:80: {polcy: {}}}',
      'lookaside.yaml: services["orders.shop:80"].polcy: there is no such key: did you mean policy?',
    ],
    [
      'services: {orders.shop:80: {policy: {least_reqest: {}}}}',
      'lookaside.yaml: services["orders.shop:80"].policy.least_reqest: there is no such key: did you mean least_request?',
    ],
    [
      'services: {orders.shop:80: {policy: {least_request: {choiceCount: 1}}}}',
      'lookaside.yaml: services["orders.shop:80"].policy: least_request: choiceCount must be a whole number from 2 to 100, not 1: correct it',
    ],
    [
      'services: {orders.shop:grpc: }',
      'lookaside.yaml: services["orders.shop:grpc"]: clients cannot dial this: write a name and the number of a port, such as orders.shop:8080',
    ],
    ['services: {orders: }', 'lookaside.yaml: services.orders: "orders" names no port of a Service: '],
    [
      'services: {a.b:80: {backends: [{service: a.b}]}}',
      'lookaside.yaml: services["a.b:80"].backends[0].service: "a.b" names no port of a Service: ',
    ],
    [
      'services: {a.b:80: {failover: [c]}}',
      'lookaside.yaml: services["a.b:80"].failover[0]: "c" names no port of a Service',
    ],
    [
      'services: {a.b:80: {backends: [{service: a.b:80, weight: 0}]}}',
      'lookaside.yaml: services["a.b:80"].backends: all weights are 0: give one of them more',
    ],
    [
      'services: {a.b:80: {localities: zonefirst}}',
      'lookaside.yaml: services["a.b:80"].localities: "zonefirst" is none of "none", "zoneFirst" or "weighted": did you mean zoneFirst?',
    ],
    [
      'services: {a.b:80: {localities: weighted}}',
      'lookaside.yaml: services["a.b:80"].localities: weighted goes by zoneWeights',
    ],
    [
      'services: {a.b:80: {zoneWeights: {a: 1}}}',
      'lookaside.yaml: services["a.b:80"].zoneWeights: they are for localities: weighted alone',
    ],
    [
      'services: {a.b:80: {envoyListener: ":10000"}}',
      'lookaside.yaml: services["a.b:80"].envoyListener: ":10000" is no address',
    ],
    [
      'services: {a.b:80: }\ndebounceMilliseconds: 20\nmaximumDebounceMilliseconds: 10',
      'lookaside.yaml: maximumDebounceMilliseconds: 10 is less than debounceMilliseconds, 20',
    ],
    [
      'services: {a.b:80: {envoyListener: "127.0.0.1:99999"}}',
      'lookaside.yaml: services["a.b:80"].envoyListener: "127.0.0.1:99999" is no address',
    ],
    [
      'services: {a.b:80: {envoyListener: "127.0.0.1:1"}, c.d:80: {envoyListener: "127.0.0.1:1"}}',
      'lookaside.yaml: services["c.d:80"].envoyListener: a.b:80 listens there too: choose another port',
    ],
    ['discover: {}', 'lookaside.yaml: discover: it has no namespaces: add that'],
    ['discover: {namespaces: ["*", shop]}', 'lookaside.yaml: discover.namespaces: * is all namespaces: name it alone'],
    [
      '{services: {}, debounceMilliseconds: -1}',
      'lookaside.yaml: debounceMilliseconds: -1 is less than 0: write 0 or more',
    ],
  ])('refuses %s', (content, sentence) => {
    const { message, exitCode } = refusal(content)
    expect(message.startsWith(sentence) ? sentence : message).toBe(sentence)
    expect(message).not.toContain('\n')
    expect(exitCode).toBe(65)
  })
})
