import type { SliceEndpoint } from './endpoint-slice.ts'
import { isObject, listIn } from './watched-object.ts'

/**
 * Reads an endpoint out of JSON; undefined when it has no address.
 * @param before endpoints of the same slice by their first address: one that is the same still is given back itself.
 */
export function readSliceEndpoint(
  value: unknown,
  before: ReadonlyMap<string | undefined, SliceEndpoint>,
): SliceEndpoint | undefined {
  if (!isObject(value)) return undefined
  const addresses = listIn(value.addresses).filter((address) => typeof address === 'string')
  if (addresses.length === 0) return undefined
  const read: SliceEndpoint = { addresses, ...optional(value) }
  const known = before.get(addresses[0])
  return known && JSON.stringify(known) === JSON.stringify(read) ? known : read
}

function optional({ conditions, zone, nodeName, hints, targetRef }: Readonly<Record<string, unknown>>) {
  return {
    ...(isObject(conditions) && { conditions: readConditions(conditions) }),
    ...(typeof zone === 'string' && { zone }),
    ...(typeof nodeName === 'string' && { nodeName }),
    ...(isObject(hints) && { hints: { forZones: listIn(hints.forZones).flatMap(readZone) } }),
    ...(isObject(targetRef) && { targetRef: readReference(targetRef) }),
  }
}

function readConditions({ ready, serving, terminating }: Readonly<Record<string, unknown>>) {
  return {
    ...(typeof ready === 'boolean' && { ready }),
    ...(typeof serving === 'boolean' && { serving }),
    ...(typeof terminating === 'boolean' && { terminating }),
  }
}

function readZone(value: unknown): { name: string }[] {
  return isObject(value) && typeof value.name === 'string' ? [{ name: value.name }] : []
}

function readReference({ kind, name, uid }: Readonly<Record<string, unknown>>) {
  return {
    ...(typeof kind === 'string' && { kind }),
    ...(typeof name === 'string' && { name }),
    ...(typeof uid === 'string' && { uid }),
  }
}
