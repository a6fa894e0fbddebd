import { messageOf, type ResourceType, resourceTypes } from './resource-types.ts'
import type { View } from './snapshot.ts'
import { decode } from './xds-protos.ts'

/** All resources of a view as JSON, by kind and name, with their versions. */
export function describeView(view: View | undefined): Readonly<Record<ResourceType, object>> | object {
  if (view === undefined) return {}
  return Object.fromEntries(
    resourceTypes.map((type) => [
      type,
      Object.fromEntries(
        [...view[type].values()].map(({ name, hash, any }) => [
          name,
          { hash, content: told(decode(messageOf[type], any.value)) },
        ]),
      ),
    ]),
  )
}

/** Without what the message leaves at its default, and with what stands in each Any. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  if ('type_url' in value && 'value' in value && Buffer.isBuffer(value.value)) {
    const type = String(value.type_url)
    return { '@type': type, ...(told(decode(type.slice(type.lastIndexOf('/') + 1), value.value)) as object) }
  }
  const given = Object.entries(value).map(([key, member]) => [key, told(member)] as const)
  return Object.fromEntries(given.filter(([, member]) => !isEmpty(member)))
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)
