import { oneLine } from './visible.ts'

const longest = 16

/**
 * Names without the parts that all of their likes have in common: of `echo-7bf96cd985-jq7bp` and `echo-7bf96cd985-x2lzm`
 * remain `…jq7bp` and `…x2lzm`, of two releases `stable…jq7bp` and `canary…`. Short names stay as they are.
 *
 * @returns each name to what to call it, on one line
 */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const tree = treeOf(names)
  const short = names.map((name) => shortened(name, tree))
  // Names that no pod can have, with hyphens at their ends, may come out alike.
  const isWorthIt = names.some((name) => name.length > longest) && new Set(short).size === names.length
  return new Map(names.map((name, index) => [name, oneLine((isWorthIt ? short[index] : name) ?? name)]))
}

/** Names part by part, and the end of each, which no part can be. */
type Tree = Map<string, Tree>

const end = '-'

const partsOf = (name: string): string[] => [...name.split('-'), end]

function treeOf(names: readonly string[]): Tree {
  const root: Tree = new Map()
  for (const name of names) {
    let at = root
    for (const part of partsOf(name)) {
      const next = at.get(part) ?? new Map()
      at.set(part, next)
      at = next
    }
  }
  return root
}

/** Only a part that has others beside it tells one name from the rest. */
function shortened(name: string, tree: Tree): string {
  let at = tree
  const parts = partsOf(name).map((part) => {
    const tells = at.size > 1
    at = at.get(part) ?? new Map()
    return tells ? part : '…'
  })
  const told = parts.slice(0, -1)
  return told.every((part) => part === '…') ? name : told.join('-').replace(/(-?…)+-?/g, '…')
}
