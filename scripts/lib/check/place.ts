import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import type { ValuesFile } from './values-file.ts'

/** A place in a values file; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Keys of maps and indices of lists, from the top. */
export type Path = readonly (string | number)[]

/**
 * Where a value stands: at its key, in the last file that has it, because that one wins. A value that stands in none is
 * where the nearest thing around it is, and at the top of the first file if there is nothing around it.
 */
export function placeOf(path: Path, files: readonly ValuesFile[]): Place {
  let best: { depth: number; file: ValuesFile; offset: number } | undefined
  for (const file of files) {
    const { depth, offset } = follow(path, file)
    if (best === undefined ? true : depth > 0 && depth >= best.depth) best = { depth, file, offset }
  }
  if (best === undefined) throw new Error('there is no file to place a problem in')
  const { line, col } = best.file.lines.linePos(best.offset)
  return { file: best.file.file, line, column: col }
}

/** `client.args[0]` */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${key}` : key), '')

/** How much of a path a file has, and where that stands. */
function follow(path: Path, { document }: ValuesFile): { depth: number; offset: number } {
  let node: unknown = document.contents
  let offset = 0
  let depth = 0
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step))
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

const startOf = (node: unknown): number => (node as Node | undefined)?.range?.[0] ?? 0
