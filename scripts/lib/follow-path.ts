import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'

/** How much of a path a document has, and the offset in its text where that begins: the key, or the entry of a list; 0 for none. */
export function followPath(document: Document, path: readonly (string | number)[]): { depth: number; offset: number } {
  let node: unknown = document.contents
  let offset = 0
  let depth = 0
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = pairOf(node, String(step), document)
      if (!pair) break
      offset = startOf(pair.key)
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      offset = startOf(node)
    } else break
    depth++
  }
  return { depth, offset }
}

/** The entry that holds: the last one, be it the map's own or one that a merge key (<<) takes in, as Kubernetes and Helm read it. */
function pairOf(map: YAMLMap, name: string, document: Document): Pair | undefined {
  for (const pair of map.items.toReversed()) {
    const key = isAlias(pair.key) ? pair.key.resolve(document) : pair.key
    if (isMergeKey(key)) {
      const sources = isSeq(pair.value) ? pair.value.items : [pair.value]
      const maps = sources.map((source) => (isAlias(source) ? source.resolve(document) : source)).filter(isMap)
      const found = maps.map((source) => pairOf(source, name, document)).find((entry) => entry !== undefined)
      if (found) return found
    } else if (isScalar(key) && String(key.value) === name) return pair
  }
  return undefined
}

/** Whether `<<` takes in the entries of other maps here. Quoted it is a key as any other. */
export const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol') && (key.type ?? 'PLAIN') === 'PLAIN'

const startOf = (node: unknown): number => (node as Node | undefined)?.range?.[0] ?? 0
