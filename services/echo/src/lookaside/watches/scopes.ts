import type { Backend } from '../config/lookaside-config.ts'

/** A part of the cluster that is watched at once: one Service, a whole namespace (no service), or everything (neither). */
export interface Scope {
  readonly namespace?: string | undefined
  readonly service?: string | undefined
}

/** What must be watched to know of these: as little as can be, and nothing twice. */
export function scopesOf(
  backends: readonly Pick<Backend, 'namespace' | 'service'>[],
  whole: readonly string[],
): Scope[] {
  if (whole.includes('*')) return [{}]
  const alone = backends.filter(({ namespace }) => !whole.includes(namespace))
  const services = new Map(alone.map(({ namespace, service }) => [`${namespace}/${service}`, { namespace, service }]))
  return [...[...new Set(whole)].map((namespace) => ({ namespace })), ...services.values()]
}

export const scopeKey = ({ namespace = '*', service = '*' }: Scope): string => `${namespace}/${service}`
