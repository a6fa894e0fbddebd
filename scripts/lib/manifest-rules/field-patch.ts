import type { Content, Manifest, Path } from '../manifests/manifest.ts'
import { objectPatch } from './patches.ts'

/**
 * A merge patch of an object that sets one field, or with null takes it away. A list on the way is given whole: of custom resources
 * Kubernetes merges none.
 */
export function fieldPatch(object: Manifest, [first = 'spec', ...path]: Path, value: unknown): object {
  const bare = objectPatch(object, {}) as Record<string, object>
  const fields = nested(object.content[first], path, value)
  return { ...bare, [first]: first in bare ? { ...bare[first], ...(fields as object) } : fields }
}

function nested(before: Content, path: Path, value: unknown): unknown {
  const [key, ...inner] = path
  if (key === undefined) return value
  if (Array.isArray(before)) return before.map((entry, i) => (i === key ? withField(entry, inner, value) : entry))
  return { [key]: nested(before?.[key], inner, value) }
}

/** All of an entry, with one field set. */
function withField(before: Content, [key, ...path]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(before)) return before.map((entry, i) => (i === key ? withField(entry, path, value) : entry))
  const { [key]: field, ...others } = before ?? {}
  if (path.length === 0 && value === null) return others
  return { ...before, [key]: withField(field, path, value) }
}
