import { status } from '@grpc/grpc-js'
import { inRange, objectWith } from './policies/read-settings.ts'
import { secondsText } from './seconds-text.ts'

/** When a call that failed is made again (gRFC A6). */
export interface RetryOptions {
  /** Attempts at a call, the first included, from 2 to 5: grpc-js makes no more. Default 3. */
  readonly maxAttempts?: number
  /** Longest wait before the second attempt; each wait is a random part of its longest. Default 0.05. */
  readonly initialBackoffSeconds?: number
  /** Longest wait before any attempt. Default 0.5. */
  readonly maxBackoffSeconds?: number
  /** How much longer each wait may be than the one before. Default 2. */
  readonly backoffMultiplier?: number
  /** Names of the statuses that are worth another attempt. Default ['UNAVAILABLE']. */
  readonly statuses?: readonly (keyof typeof status)[]
}

/** The retryPolicy of a service config. Throws an Error of one sentence for what grpc-js would refuse, or cut down without a word. */
export function retryPolicy(options: RetryOptions): object {
  const names = ['maxAttempts', 'initialBackoffSeconds', 'maxBackoffSeconds', 'backoffMultiplier', 'statuses']
  objectWith(options, 'retry', names)
  const { maxAttempts = 3, initialBackoffSeconds = 0.05, maxBackoffSeconds = 0.5, backoffMultiplier = 2 } = options
  return {
    maxAttempts: inRange(maxAttempts, 'retry.maxAttempts', { minimum: 2, maximum: 5, whole: true }),
    initialBackoff: secondsText(initialBackoffSeconds, 'retry.initialBackoffSeconds'),
    maxBackoff: secondsText(maxBackoffSeconds, 'retry.maxBackoffSeconds'),
    backoffMultiplier: inRange(backoffMultiplier, 'retry.backoffMultiplier', { minimum: 1, maximum: 100 }),
    retryableStatusCodes: statusNames(options.statuses ?? ['UNAVAILABLE']),
  }
}

function statusNames(names: unknown): readonly string[] {
  const good = Array.isArray(names) && names.length > 0 && names.every((name) => name !== 'OK' && isStatus(name))
  if (good) return names
  throw new Error(`retry.statuses must be names of gRPC statuses such as ["UNAVAILABLE"], not ${JSON.stringify(names)}`)
}

function isStatus(name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(status, name) && Number.isNaN(Number(name))
}
