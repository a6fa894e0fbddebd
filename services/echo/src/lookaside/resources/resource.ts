import { createHash } from 'node:crypto'
import { messageOf, type ResourceType, typeUrl } from '../resource-types.ts'
import { encode } from '../xds-protos.ts'

/** A resource as clients get it, encoded once for all of them. */
export interface Resource {
  readonly name: string
  /** The same on every replica that has the same content. */
  readonly hash: string
  /** As an Any. */
  readonly any: { readonly type_url: string; readonly value: Buffer }
}

/** Encodes a resource. */
export function resource(type: ResourceType, name: string, message: object): Resource {
  const value = encode(messageOf[type], message)
  return { name, hash: hashOf(value), any: { type_url: typeUrl(messageOf[type]), value } }
}

/** The version of an answer: a hash of what it holds, whatever the order. */
export function versionOf(resources: readonly Resource[]): string {
  return hashOf(
    resources
      .map(({ name, hash }) => `${name}\0${hash}`)
      .sort()
      .join('\n'),
  )
}

const hashOf = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 16)
