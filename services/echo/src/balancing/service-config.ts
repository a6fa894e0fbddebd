import type { ServiceConfig } from '@grpc/grpc-js'
import { usageError } from '../../../../scripts/lib/exit.ts'
import { registerPolicies } from './register-policies.ts'
import { retryPolicy } from './retry-policy.ts'
import { usedEntry, whyListRefused, whyNameRefused } from './why-refused.ts'

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
  registerPolicies()
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
  const problem = whyNameRefused(policy)
  if (problem) throw usageError(`--lb-policy ${policy}: ${problem}`)
  const config = { loadBalancingConfig: [{ [policy]: {} }], ...retryConfig(choice.maxAttempts ?? 1) }
  return { serviceConfigJson: JSON.stringify(config), policy }
}

function retryConfig(maxAttempts: number): object {
  if (maxAttempts === 1) return {}
  return { methodConfig: [{ name: [{}], retryPolicy: retryPolicy({ maxAttempts }) }] }
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
  const problem = whyListRefused(entries, 'loadBalancingConfig')
  if (problem) throw usageError(`--service-config: ${problem}`)
  return { serviceConfigJson: text, policy: Object.keys(usedEntry(entries) as object)[0] as string }
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
