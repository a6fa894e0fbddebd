import { messageOf } from '../resource-types.ts'
import { encode } from '../xds-protos.ts'
import type { Resource } from './resource.ts'

/**
 * A listener or a cluster with other content that means the same. grpc-js-xds does not forget one that is gone, and passes over it when
 * it comes back as it was: so this one comes first.
 */
export function returned(type: 'cds' | 'lds', { name, hash, any }: Resource): Resource {
  // Messages of protobuf one after another are one with the fields of both.
  const value = Buffer.concat([any.value, encode(messageOf[type], meaningless[type])])
  return { name, hash: `${hash} returned`, any: { ...any, value } }
}

const meaningless = {
  // One less than no limit at all; grpc-js-xds compares no more of a cluster than what it uses.
  cds: { circuit_breakers: { thresholds: [{ max_requests: { value: 4_294_967_294 } }] } },
  lds: { stat_prefix: 'returned' },
}
