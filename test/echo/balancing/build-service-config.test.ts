import { Client, credentials, experimental, type ServiceConfig } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import {
  leastRequest,
  pickFirst,
  ringHash,
  roundRobin,
  weightedRoundRobin,
} from '../../../services/echo/src/balancing/balancing-policy.ts'
import { type ServiceConfigOptions, serviceConfig } from '../../../services/echo/src/balancing/build-service-config.ts'

/** As grpc-js reads it: it throws for what it checks itself. */
function read(options: ServiceConfigOptions): ServiceConfig {
  const json = serviceConfig(options)
  new Client('ipv4:127.0.0.1:1', credentials.createInsecure(), { 'grpc.service_config': json }).close()
  return JSON.parse(json)
}

/** What the policy in the config really goes by. */
function policyOf(options: ServiceConfigOptions): object {
  const [entry] = read(options).loadBalancingConfig
  return experimental
    .parseLoadBalancingConfig(entry as object as ServiceConfig['loadBalancingConfig'][number])
    .toJsonObject()
}

describe('serviceConfig', () => {
  it('says pick_first where nothing is said, as gRPC has it', () => {
    expect(read({})).toEqual({ loadBalancingConfig: [{ pick_first: {} }] })
    expect(read({ policy: pickFirst() })).toEqual(read({}))
  })

  it('names each policy so that grpc-js takes it, defaults left to it', () => {
    expect(read({ policy: roundRobin() }).loadBalancingConfig).toEqual([{ round_robin: {} }])
    expect(read({ policy: leastRequest() }).loadBalancingConfig).toEqual([{ least_request: {} }])
    expect(read({ policy: weightedRoundRobin() }).loadBalancingConfig).toEqual([{ evenly_weighted_round_robin: {} }])
    expect(read({ policy: ringHash({ requestHashHeader: 'x-user' }) }).loadBalancingConfig).toEqual([
      { ring_hash_experimental: { requestHashHeader: 'x-user' } },
    ])
  })

  it('hands on every setting, seconds as durations', () => {
    const slowStart = { windowSeconds: 0.25, aggression: 2, minimumWeightPercent: 5 }
    const written = { window: '0.25s', aggression: 2, minWeightPercent: 5 }
    const settings = { choiceCount: 3, activeRequestBias: 0.5 }
    expect(read({ policy: leastRequest({ ...settings, slowStart }) }).loadBalancingConfig).toEqual([
      { least_request: { ...settings, slowStart: written } },
    ])
    const weighted = weightedRoundRobin({
      reportingPeriodSeconds: 1,
      blackoutPeriodSeconds: 0,
      weightExpirationPeriodSeconds: 100,
      weightUpdatePeriodSeconds: 0.5,
      errorUtilizationPenalty: 2,
      slowStart: { windowSeconds: 10 },
    })
    expect(read({ policy: weighted }).loadBalancingConfig).toEqual([
      {
        evenly_weighted_round_robin: {
          reportingPeriod: '1s',
          blackoutPeriod: '0s',
          weightExpirationPeriod: '100s',
          weightUpdatePeriod: '0.5s',
          errorUtilizationPenalty: 2,
          slowStart: { window: '10s' },
        },
      },
    ])
    const ring = { requestHashHeader: 'x-user', minRingSize: 2048, maxRingSize: 8192 }
    expect(read({ policy: ringHash(ring) }).loadBalancingConfig).toEqual([{ ring_hash_experimental: ring }])
  })

  it('takes what is undefined for what is not said', () => {
    const policy = leastRequest({ choiceCount: undefined as unknown as number })
    expect(read({ policy }).loadBalancingConfig).toEqual([{ least_request: {} }])
  })

  it('limits the time of a call to the nanosecond, which a text would not', () => {
    expect(read({ timeoutSeconds: 0.25 }).methodConfig).toEqual([
      { name: [{}], timeout: { seconds: 0, nanos: 250_000_000 } },
    ])
    expect(read({ timeoutSeconds: 90 }).methodConfig[0]?.timeout).toEqual({ seconds: 90, nanos: 0 })
  })

  it('retries what is UNAVAILABLE three times in all, when nothing else is said', () => {
    expect(read({ retry: {} }).methodConfig).toEqual([
      {
        name: [{}],
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: '0.05s',
          maxBackoff: '0.5s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ])
    const retry = { maxAttempts: 5, initialBackoffSeconds: 1, maxBackoffSeconds: 8, backoffMultiplier: 3 }
    expect(read({ retry: { ...retry, statuses: ['ABORTED', 'UNKNOWN'] } }).methodConfig[0]?.retryPolicy).toEqual({
      maxAttempts: 5,
      initialBackoff: '1s',
      maxBackoff: '8s',
      backoffMultiplier: 3,
      retryableStatusCodes: ['ABORTED', 'UNKNOWN'],
    })
  })

  it('lets methods be otherwise', () => {
    const service = 'shop.v1.Orders'
    const config = read({ timeoutSeconds: 1, methods: [{ service }, { service, method: 'Place', timeoutSeconds: 5 }] })
    expect(config.methodConfig).toEqual([
      { name: [{}], timeout: { seconds: 1, nanos: 0 } },
      { name: [{ service }] },
      { name: [{ service, method: 'Place' }], timeout: { seconds: 5, nanos: 0 } },
    ])
  })

  it('limits retries while many calls fail', () => {
    const retryThrottling = { maxTokens: 10, tokenRatio: 0.1 }
    expect(read({ retryThrottling }).retryThrottling).toEqual(retryThrottling)
  })

  it('puts outlier detection around the policy as grpc-js reads it', () => {
    const outlierDetection = {
      intervalSeconds: 1,
      baseEjectionSeconds: 2.5,
      maxEjectionSeconds: 60,
      maxEjectionPercent: 50,
      failurePercentage: { thresholdPercent: 40, enforcementPercent: 90, minimumHosts: 3, requestVolume: 10 },
      successRate: { standardDeviations: 1.5, enforcementPercent: 80, minimumHosts: 4, requestVolume: 20 },
    }
    expect(policyOf({ policy: leastRequest({ choiceCount: 4 }), outlierDetection })).toMatchObject({
      outlier_detection: {
        interval: { seconds: 1, nanos: 0 },
        base_ejection_time: { seconds: 2, nanos: 500_000_000 },
        max_ejection_time: { seconds: 60, nanos: 0 },
        max_ejection_percent: 50,
        failure_percentage_ejection: {
          threshold: 40,
          enforcement_percentage: 90,
          minimum_hosts: 3,
          request_volume: 10,
        },
        success_rate_ejection: { stdev_factor: 1500, enforcement_percentage: 80, minimum_hosts: 4, request_volume: 20 },
        child_policy: [{ least_request: {} }],
      },
    })
  })

  it('leaves the defaults of outlier detection to grpc-js', () => {
    const { outlier_detection: settings } = policyOf({
      policy: roundRobin(),
      outlierDetection: { failurePercentage: {}, successRate: {} },
    }) as { outlier_detection: object }
    expect(settings).toMatchObject({
      interval: { seconds: 10, nanos: 0 },
      base_ejection_time: { seconds: 30, nanos: 0 },
      max_ejection_time: { seconds: 300, nanos: 0 },
      max_ejection_percent: 10,
      failure_percentage_ejection: { threshold: 85, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 50 },
      success_rate_ejection: { stdev_factor: 1900, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 100 },
    })
  })
})

// As plain JavaScript may write it.
const untyped = (options: object) => () => serviceConfig(options as ServiceConfigOptions)
// biome-ignore lint/suspicious/noExplicitAny: as above
const any = (value: unknown): any => value

describe('serviceConfig refuses in one sentence', () => {
  it.each<[string, () => unknown, string]>([
    ['an unknown option', untyped({ polcy: roundRobin() }), 'serviceConfig has no polcy: it knows policy, '],
    ['no options', untyped(any(undefined)), 'serviceConfig must be an object such as {}, not undefined'],
    [
      'a policy by its name alone',
      untyped({ policy: 'round_robin' }),
      'policy[0] "round_robin" is no balancing policy entry',
    ],
    [
      'an unknown policy',
      untyped({ policy: { fastest: {} } }),
      'grpc-js does not know the policy and would silently use pick_first',
    ],
    [
      'a setting out of range',
      untyped({ policy: leastRequest({ choiceCount: 1 }) }),
      'choiceCount must be a whole number from 2 to 100, not 1',
    ],
    [
      'an unknown setting',
      () => leastRequest(any({ choices: 2 })),
      'leastRequest has no choices: it knows choiceCount, activeRequestBias, slowStart',
    ],
    [
      'a window that is a text',
      () => leastRequest({ slowStart: { windowSeconds: any('10s') } }),
      'slowStart.windowSeconds must be a number of seconds above 0, such as 10, not "10s"',
    ],
    [
      'a window that is missing',
      () => leastRequest({ slowStart: any({}) }),
      'slowStart.windowSeconds must be a number of seconds above 0',
    ],
    [
      'an unknown part of slow start',
      () => leastRequest({ slowStart: any({ window: '10s' }) }),
      'slowStart has no window: it knows windowSeconds, ',
    ],
    [
      'a period that is no time',
      () => weightedRoundRobin({ reportingPeriodSeconds: 0 }),
      'reportingPeriodSeconds must be a number of seconds above 0, such as 10, not 0',
    ],
    [
      'a period below 0',
      () => weightedRoundRobin({ blackoutPeriodSeconds: -1 }),
      'blackoutPeriodSeconds must be a number of seconds from 0, such as 10, not -1',
    ],
    [
      'a ring without a header',
      untyped({ policy: ringHash(any({})) }),
      'requestHashHeader must be the name of a header',
    ],
    ['grpc-js-xds policies', untyped({ policy: { ring_hash: {} } }), 'grpc-js does not know the policy'],
    [
      'more attempts than grpc-js makes',
      untyped({ retry: { maxAttempts: 6 } }),
      'retry.maxAttempts must be a whole number from 2 to 5, not 6',
    ],
    [
      'an unknown status',
      untyped({ retry: { statuses: ['UNAVAILBLE'] } }),
      'retry.statuses must be names of gRPC statuses such as ["UNAVAILABLE"], not ["UNAVAILBLE"]',
    ],
    ['a status by number', untyped({ retry: { statuses: [14] } }), 'retry.statuses must be names of gRPC statuses'],
    [
      'a number as the name of a status',
      untyped({ retry: { statuses: ['14'] } }),
      'retry.statuses must be names of gRPC statuses',
    ],
    ['no status', untyped({ retry: { statuses: [] } }), 'retry.statuses must be names of gRPC statuses'],
    [
      'OK as a reason to retry',
      untyped({ retry: { statuses: ['OK'] } }),
      'retry.statuses must be names of gRPC statuses',
    ],
    [
      'a backoff that shrinks',
      untyped({ retry: { backoffMultiplier: 0.5 } }),
      'retry.backoffMultiplier must be a number from 1 to 100, not 0.5',
    ],
    ['an unknown part of retry', untyped({ retry: { attempts: 3 } }), 'retry has no attempts: it knows maxAttempts, '],
    [
      'no time at all',
      untyped({ timeoutSeconds: 0 }),
      'timeoutSeconds must be a number of seconds above 0, such as 10, not 0',
    ],
    [
      'no time that can be written',
      untyped({ timeoutSeconds: 1e-12 }),
      'timeoutSeconds must be a number of seconds above 0',
    ],
    [
      'endless time',
      untyped({ timeoutSeconds: Number.POSITIVE_INFINITY }),
      'timeoutSeconds must be a number of seconds above 0',
    ],
    [
      'outliers without a reason',
      untyped({ policy: roundRobin(), outlierDetection: {} }),
      'outlierDetection would leave nobody out: give failurePercentage: {} or successRate: {}',
    ],
    [
      'outliers of one endpoint',
      untyped({ policy: pickFirst(), outlierDetection: { failurePercentage: {} } }),
      'outlier_detection LB policy cannot have a pick_first child policy',
    ],
    [
      'percents above 100',
      untyped({ policy: roundRobin(), outlierDetection: { successRate: {}, maxEjectionPercent: 101 } }),
      'outlierDetection.maxEjectionPercent must be a number from 0 to 100, not 101',
    ],
    [
      'an unknown part of an ejection',
      untyped({ policy: roundRobin(), outlierDetection: { failurePercentage: { threshold: 5 } } }),
      'outlierDetection.failurePercentage has no threshold: it knows thresholdPercent, ',
    ],
    [
      'a method with a path',
      untyped({ methods: [{ service: 'shop.v1.Orders/Place' }] }),
      'methods.service must be a full name such as "shop.v1.Orders", not "shop.v1.Orders/Place"',
    ],
    ['methods that are no list', untyped({ methods: {} }), 'methods must be a list such as [], not {}'],
    [
      'outliers of nothing',
      untyped({ outlierDetection: { successRate: {} } }),
      'outlierDetection needs a policy that has others to call instead: give policy: roundRobin(), say',
    ],
    [
      'a method twice',
      untyped({ methods: [{ service: 'a' }, { service: 'a', timeoutSeconds: 1 }] }),
      'methods names [{"service":"a"}] twice: say all of it in one entry',
    ],
    [
      'tokens above what gRPC has',
      untyped({ retryThrottling: { maxTokens: 1001, tokenRatio: 1 } }),
      'retryThrottling.maxTokens must be a number from 0.001 to 1000, not 1001',
    ],
  ])('%s', (_what, make, sentence) => {
    expect(make).toThrow(sentence)
  })
})
