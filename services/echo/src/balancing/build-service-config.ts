import { type BalancingPolicy, pickFirst } from './balancing-policy.ts'
import { type OutlierDetectionOptions, outlierDetection } from './outlier-detection.ts'
import { inRange, objectWith } from './policies/read-settings.ts'
import { type RetryOptions, retryPolicy } from './retry-policy.ts'
import { secondsObject } from './seconds-text.ts'
import { whyListRefused } from './why-refused.ts'

/** What a client's calls go by. */
export interface ServiceConfigOptions extends CallOptions {
  /** How calls are spread, such as `leastRequest()`. Default: `pickFirst()`, gRPC's own. */
  readonly policy?: BalancingPolicy
  /** Default: no peer is left out. */
  readonly outlierDetection?: OutlierDetectionOptions
  /** Default: retries are limited per call alone. */
  readonly retryThrottling?: RetryThrottlingOptions
  /** What is otherwise for some methods; nothing of the rest then holds for them. */
  readonly methods?: readonly MethodOptions[]
}

/** What one call goes by. */
export interface CallOptions {
  /** Time a call may take in all, its retries included; a shorter deadline of the call itself wins. Default: no limit. */
  readonly timeoutSeconds?: number
  /** Default: a call that failed is not made again, unless no server has seen it. */
  readonly retry?: RetryOptions
}

/** Stops retries while too many calls fail. */
export interface RetryThrottlingOptions {
  /** Each call that fails takes one; at half of them or fewer nothing is retried. Above 0, at most 1000. */
  readonly maxTokens: number
  /** How many come back with each call that succeeds. Above 0. */
  readonly tokenRatio: number
}

export interface MethodOptions extends CallOptions {
  /** Full name, such as 'shop.v1.Orders'. */
  readonly service: string
  /** Default: every method of the service. */
  readonly method?: string
}

/**
 * The JSON for the channel option `grpc.service_config`. Throws an Error of one sentence for whatever grpc-js would take for
 * pick_first, cut down or pass over without a word.
 */
export function serviceConfig(options: ServiceConfigOptions): string {
  objectWith(options, 'serviceConfig', ['policy', 'outlierDetection', 'retryThrottling', 'methods', ...callOptions])
  const { policy = pickFirst(), outlierDetection: outliers, retryThrottling, methods = [] } = options
  if (!Array.isArray(methods)) throw new Error(`methods must be a list such as [], not ${JSON.stringify(methods)}`)
  if (outliers !== undefined && options.policy === undefined) {
    throw new Error('outlierDetection needs a policy that has others to call instead: give policy: roundRobin(), say')
  }
  const entry = outliers === undefined ? policy : { outlier_detection: outlierDetection(outliers, policy) }
  // As grpc-js will read it: without what is undefined.
  const loadBalancingConfig: unknown[] = JSON.parse(JSON.stringify([entry]))
  const problem = whyListRefused(loadBalancingConfig, 'policy')
  if (problem) throw new Error(`serviceConfig: ${problem}`)
  const forAll = callConfig(options)
  const methodConfig = [
    ...(Object.keys(forAll).length > 0 ? [{ name: [{}], ...forAll }] : []),
    ...methods.map((one) => ({ name: [methodName(one)], ...callConfig(one) })),
  ]
  return JSON.stringify({
    loadBalancingConfig,
    ...(methodConfig.length > 0 && { methodConfig: distinct(methodConfig) }),
    ...(retryThrottling && { retryThrottling: throttling(retryThrottling) }),
  })
}

const callOptions = ['timeoutSeconds', 'retry']

function callConfig({ timeoutSeconds, retry }: CallOptions): object {
  return {
    // Not "0.25s", of which grpc-js makes 25 nanoseconds.
    ...(timeoutSeconds !== undefined && { timeout: secondsObject(timeoutSeconds, 'timeoutSeconds') }),
    ...(retry && { retryPolicy: retryPolicy(retry) }),
  }
}

function methodName(options: MethodOptions): object {
  const { service, method } = objectWith(options, 'methods', ['service', 'method', ...callOptions])
  if (typeof service !== 'string' || service === '' || service.includes('/')) {
    throw new Error(`methods.service must be a full name such as "shop.v1.Orders", not ${JSON.stringify(service)}`)
  }
  return { service, ...(method !== undefined && { method }) }
}

function distinct<Config extends { readonly name: readonly object[] }>(configs: readonly Config[]): readonly Config[] {
  const names = configs.map(({ name }) => JSON.stringify(name))
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return configs
  throw new Error(`methods names ${twice} twice: say all of it in one entry`)
}

function throttling(options: RetryThrottlingOptions): RetryThrottlingOptions {
  objectWith(options, 'retryThrottling', ['maxTokens', 'tokenRatio'])
  // grpc-js keeps three digits after the point.
  return {
    maxTokens: inRange(options.maxTokens, 'retryThrottling.maxTokens', { minimum: 0.001, maximum: 1000 }),
    tokenRatio: inRange(options.tokenRatio, 'retryThrottling.tokenRatio', { minimum: 0.001, maximum: 1000 }),
  }
}
