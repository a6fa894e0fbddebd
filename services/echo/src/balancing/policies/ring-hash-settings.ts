import { inRange, objectWith } from './read-settings.ts'

/**
 * What `ring_hash_experimental` goes by; names and defaults are gRPC's (gRFC A76). Up to 4096 places the ring is that of grpc-go,
 * which caps both sizes there unless its environment says otherwise (GRPC_RING_HASH_CAP).
 */
export interface RingHashSettings {
  /** The request header whose value is the key: calls with one key go to one peer. Lower case; must be told. */
  readonly requestHashHeader: string
  /** Places on the ring at least, from 1 to 8,388,608: more spread keys more evenly. Default 1024. */
  readonly minRingSize: number
  /** Places on the ring at most, from `minRingSize` to 8,388,608. Default 4096. */
  readonly maxRingSize: number
}

const largestRing = 8 * 1024 * 1024

/**
 * Reads `{"requestHashHeader":"x-user","minRingSize":1024,"maxRingSize":4096}`, of which the header must be there. Throws an Error
 * of one sentence for anything else: without a header every call would go anywhere.
 */
export function readRingHash(json: unknown): RingHashSettings {
  const {
    requestHashHeader,
    minRingSize = 1024,
    maxRingSize = Math.max(4096, Number(minRingSize) || 0),
  } = objectWith(json, 'ring_hash_experimental', ['requestHashHeader', 'minRingSize', 'maxRingSize'])
  const minimum = inRange(minRingSize, 'minRingSize', { minimum: 1, maximum: largestRing, whole: true })
  return {
    requestHashHeader: header(requestHashHeader),
    minRingSize: minimum,
    maxRingSize: inRange(maxRingSize, 'maxRingSize', { minimum, maximum: largestRing, whole: true }),
  }
}

function header(json: unknown): string {
  const name = typeof json === 'string' ? json.toLowerCase() : ''
  if (/^[a-z0-9_.-]+$/.test(name) && !name.endsWith('-bin')) return name
  const told = json === undefined ? 'it is missing' : `not ${JSON.stringify(json)}`
  throw new Error(
    `requestHashHeader must be the name of a header with text, such as x-user, not ending in -bin: ${told}`,
  )
}
