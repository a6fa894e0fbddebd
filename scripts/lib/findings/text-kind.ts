/** What a text holds: objects of Kubernetes, or values of the chart. */
export type TextKind = 'manifests' | 'values'

/**
 * Told by its content, whatever it is called: manifests when its first document that holds anything has `apiVersion` and `kind`
 * at its top, values otherwise.
 */
export function kindOf(text: string): TextKind {
  const document = firstDocument(text)
  const has = (key: string): boolean =>
    new RegExp(`^${indentOf(document)}(["']?)${key}\\1[^\\S\\n]*:`, 'm').test(document)
  if (has('apiVersion') && has('kind')) return 'manifests'
  return /^\s*\{/.test(document) && isObjectInBraces(text) ? 'manifests' : 'values'
}

/** The lines of the first document that has any, without comments and blank lines before them. */
function firstDocument(text: string): string {
  let start = 0
  while (start < text.length) {
    const end = text.indexOf('\n', start)
    const line = end < 0 ? text.slice(start) : text.slice(start, end)
    if (!/^(?:\s*(?:#.*)?|---\s*(?:#.*)?|%.*)$/.test(line)) break
    start = end < 0 ? text.length : end + 1
  }
  const rest = text.slice(start).replace(/^---[^\S\n]+/, '')
  const end = rest.search(/^---(?:\s|$)/m)
  return end < 0 ? rest : rest.slice(0, end)
}

const indentOf = (document: string): string => /^ */.exec(document)?.[0] ?? ''

/** JSON, or YAML that looks like it: of the latter only what stands before other braces is looked at. */
function isObjectInBraces(text: string): boolean {
  try {
    const content = JSON.parse(text)
    return 'apiVersion' in content && 'kind' in content
  } catch {
    const [head = ''] = /\{[^{}[\]]*/.exec(text.slice(0, 10_000)) ?? []
    return ['apiVersion', 'kind'].every((key) => new RegExp(`[{,\\s](["']?)${key}\\1\\s*:`).test(head))
  }
}
