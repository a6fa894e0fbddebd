import { experimental, type ServiceConfig } from '@grpc/grpc-js'
import { usageError } from '../../../../scripts/lib/exit.ts'

/** How a client shall balance: a policy by its gRPC name, or a whole service config as JSON text; at most one of them. */
export interface BalancingChoice {
  readonly lbPolicy?: string | undefined
  /** Attempts at a call that ends UNAVAILABLE, the first included; 1 or undefined: no retry policy. */
  readonly maxAttempts?: number | undefined
  readonly serviceConfig?: string | undefined
}

/** What goes into the channel. */
export interface Balancing {
  /** Value of the channel option `grpc.service_config`. */
  readonly serviceConfigJson: string
  /** Name of the policy the channel will really use. */
  readonly policy: string
}

/**
 * Turns a choice into a service config that grpc-js will obey. grpc-js itself answers an unknown policy, a malformed
 * one or the legacy field `loadBalancingPolicy` by using pick_first without a word; here each is a usage error (64).
 * Default: pick_first, gRPC's own.
 */
export function chooseBalancing(choice: BalancingChoice): Balancing {
  if (choice.serviceConfig !== undefined) {
    if (choice.lbPolicy !== undefined) {
      throw usageError('--lb-policy and --service-config both choose the balancing policy: give one of them.')
    }
    if ((choice.maxAttempts ?? 1) > 1) {
      throw usageError('--max-attempts and --service-config both say when to retry: put a retryPolicy into the latter.')
    }
    return fromServiceConfig(choice.serviceConfig)
  }
  const policy = choice.lbPolicy ?? 'pick_first'
  const problem = whyRefused({ [policy]: {} })
  if (problem) throw usageError(`--lb-policy ${policy}: ${problem}`)
  const config = { loadBalancingConfig: [{ [policy]: {} }], ...retryConfig(choice.maxAttempts ?? 1) }
  return { serviceConfigJson: JSON.stringify(config), policy }
}

function retryConfig(maxAttempts: number): Partial<ServiceConfig> {
  if (maxAttempts === 1) return {}
  const backoff = { initialBackoff: '0.05s', maxBackoff: '0.5s', backoffMultiplier: 2 }
  const retryPolicy = { maxAttempts, ...backoff, retryableStatusCodes: ['UNAVAILABLE'] }
  return { methodConfig: [{ name: [{}], retryPolicy }] }
}

function fromServiceConfig(text: string): Balancing {
  const config = parseObject(text)
  if ('loadBalancingPolicy' in config) {
    throw usageError(
      '--service-config: grpc-js ignores the legacy field loadBalancingPolicy: write loadBalancingConfig instead.',
    )
  }
  const entries = config.loadBalancingConfig ?? [{ pick_first: {} }]
  if (!Array.isArray(entries) || entries.length === 0) {
    throw usageError('--service-config: loadBalancingConfig must be a list such as [{"round_robin":{}}].')
  }
  // The first entry the client can parse wins, as gRPC has it: a list may name a newer policy before an older one.
  const used = entries.find((entry) => whyRefused(entry) === undefined)
  if (used === undefined) throw usageError(`--service-config ${JSON.stringify(entries[0])}: ${whyRefused(entries[0])}`)
  return { serviceConfigJson: text, policy: Object.keys(used)[0] as string }
}

function parseObject(text: string): Partial<ServiceConfig> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw usageError(`--service-config is not JSON (${(error as Error).message}): quote it for the shell.`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError('--service-config must be a JSON object such as {"loadBalancingConfig":[{"round_robin":{}}]}.')
  }
  return value
}

/** Why grpc-js would fall back to pick_first on this entry; undefined when it obeys. */
function whyRefused(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return `${JSON.stringify(entry)} is no balancing policy entry.`
  const [name = ''] = Object.keys(entry)
  if (!experimental.isLoadBalancerNameRegistered(name)) {
    return `grpc-js does not know the policy and would silently use pick_first: choose ${knownPolicies().join(', ')}.`
  }
  try {
    experimental.parseLoadBalancingConfig(entry as ServiceConfig['loadBalancingConfig'][number])
    return undefined
  } catch (error) {
    return `grpc-js cannot read the policy's settings and would silently use pick_first (${(error as Error).message}).`
  }
}

/** Balancing policies that a user may name, of those this process has registered. */
function knownPolicies(): string[] {
  const names = ['pick_first', 'round_robin', 'weighted_round_robin', 'outlier_detection']
  return names.filter((name) => experimental.isLoadBalancerNameRegistered(name))
}
