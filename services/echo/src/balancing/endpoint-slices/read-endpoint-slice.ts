import type { EndpointSlice, SlicePort } from './endpoint-slice.ts'
import { readSliceEndpoint } from './read-slice-endpoint.ts'
import { isObject, listIn, namedObject } from './watched-object.ts'

/**
 * Reads a slice out of JSON that nobody has vouched for: what is of a wrong type in it is left out, and endpoints without an address
 * with it. Only what is looked at here is kept, a third of what the API sends. Undefined: it is no slice at all.
 * @param known what it was before: endpoints that have not changed are taken from it, so that a slice of a hundred in which one
 * changes leaves no hundred objects behind. Those would make V8's young generation grow to a hundred megabytes in minutes.
 */
export function readEndpointSlice(value: unknown, known?: EndpointSlice): EndpointSlice | undefined {
  const named = namedObject<EndpointSlice>(value)
  if (named === undefined) return undefined
  const { metadata, addressType, endpoints, ports } = named
  if (addressType !== 'IPv4' && addressType !== 'IPv6' && addressType !== 'FQDN') return undefined
  const { name, namespace, labels } = metadata
  const before = new Map(known?.endpoints?.map((endpoint) => [endpoint.addresses[0], endpoint]))
  return {
    metadata: { name, namespace, ...(isObject(labels) && { labels: texts(labels) }) },
    addressType,
    endpoints: listIn(endpoints).flatMap((endpoint) => readSliceEndpoint(endpoint, before) ?? []),
    ports: listIn(ports).flatMap(readPort),
  }
}

function readPort(value: unknown): SlicePort[] {
  if (!isObject(value)) return []
  const { name, port } = value
  return [{ name: typeof name === 'string' ? name : '', port: isPort(port) ? port : null }]
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(entries)
}
