import type { Nested, ProtoFile } from './proto-files.ts'

/**
 * What these .proto files and all that they import declare, as one tree for `Root.fromJSON`. Throws an Error of one sentence for a file
 * that is not among `files`.
 */
export function declaredBy(names: readonly string[], files: Readonly<Record<string, ProtoFile>>): { nested: Nested } {
  const nested: Tree = {}
  const wanted = [...names]
  const taken = new Set<string>()
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (taken.has(name)) continue
    taken.add(name)
    const file = files[name]
    if (file === undefined)
      throw new Error(`the bundle holds no ${name}: let a source name it where scripts/bundle looks`)
    mergeInto(nested, file.nested)
    wanted.push(...file.imports)
  }
  return { nested }
}

type Tree = Record<string, Nested[string]>

/** A package may be in many files, a type is in one. */
function mergeInto(tree: Tree, nested: Nested): void {
  for (const [name, node] of Object.entries(nested)) {
    const known = tree[name]
    const together: Tree = { ...known?.nested }
    if (node.nested) mergeInto(together, node.nested)
    const merged = { ...known, ...node }
    tree[name] = known?.nested || node.nested ? { ...merged, nested: together } : merged
  }
}
