import type { Place } from '../findings/finding.ts'
import { followPath } from '../follow-path.ts'
import { isMap } from '../values.ts'
import type { SetValue } from './set-values.ts'
import type { ValuesFile } from './values-file.ts'

/** Keys of maps and indices of lists, from the top. */
export type Path = readonly (string | number)[]

/** Values that are laid over others, and where each of them stands. */
export interface Layer {
  /** How much of a path it has, and whether it hides what the layers below it have further down. */
  reach(path: Path): { readonly depth: number; readonly isHiding: boolean }
  /** Of the last key of a path that it has; that of its top for []. */
  placeOf(path: Path): Place
}

/**
 * Where the value that wins stands: at its key, in the last layer that has it. A value that stands in none is where the nearest
 * thing around it is, and at the top of the first layer if there is nothing around it.
 */
export function placeOf(path: Path, layers: readonly Layer[]): Place {
  let best: { layer: Layer; depth: number } | undefined
  for (const layer of layers.toReversed()) {
    const { depth, isHiding } = layer.reach(path)
    if (depth > (best?.depth ?? 0)) best = { layer, depth }
    if (depth === path.length || isHiding) break
  }
  const { layer, depth } = best ?? { layer: layers[0], depth: 0 }
  if (layer === undefined) throw new Error('there is nothing to place a problem in')
  return layer.placeOf(path.slice(0, depth))
}

/**
 * A file. What comes by an alias or a merge key is placed at the anchor, where it is written, because that is the text to
 * change.
 */
export function fileLayer({ file, text, values, document, lines }: ValuesFile): Layer {
  return {
    reach: (path) => reachIn(values, path),
    placeOf(path) {
      const { line, col } = lines.linePos(path.length === 0 ? topOf(text) : followPath(document, path).offset)
      const start = lines.lineStarts[line - 1] ?? 0
      return { file, line, column: col, sourceLine: /[^\r\n]*/.exec(text.slice(start))?.[0] ?? '' }
    },
  }
}

/** A --set, the one of several that it is from 1: that is its line. */
export function setLayer(text: string, which: number, set: readonly SetValue[]): Layer {
  const reaches = (path: Path) =>
    set.toReversed().map((one) => {
      const common = path.findIndex((key, i) => i >= one.path.length || one.path[i] !== key)
      const shared = common < 0 ? path.length : common
      if (shared < one.path.length) return { offset: one.offset, depth: shared, isHiding: false }
      const { depth, isHiding } = reachIn(one.value, path.slice(shared))
      return { offset: one.offset, depth: shared + depth, isHiding: isHiding || (depth === 0 && !isMap(one.value)) }
    })
  const best = (path: Path) => {
    const all = reaches(path)
    const hiding = all.findIndex(({ isHiding }) => isHiding)
    const seen = hiding < 0 ? all : all.slice(0, hiding + 1)
    const deepest = Math.max(0, ...seen.map(({ depth }) => depth))
    return { ...seen.find(({ depth }) => depth === deepest && depth > 0), depth: deepest, isHiding: hiding >= 0 }
  }
  return {
    reach: (path) => best(path),
    placeOf: (path) => ({ file: '--set', line: which, column: (best(path).offset ?? 0) + 1, sourceLine: text }),
  }
}

function reachIn(values: unknown, path: Path): { depth: number; isHiding: boolean } {
  let at = values
  for (const [depth, step] of path.entries()) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step))
      return { depth, isHiding: depth > 0 && !isMap(at) }
    at = (at as Readonly<Record<string | number, unknown>>)[step]
  }
  return { depth: path.length, isHiding: false }
}

/** Past comments, where the values begin. */
const topOf = (text: string): number => /^(?:\s*(?:#.*|---|%.*)?\n)*/.exec(text)?.[0].length ?? 0

/** `client.args[0]`, and `podLabels["example.com/team"]` for keys that would read as several. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (/[^\w-]/.test(key)) return `${text}[${JSON.stringify(key)}]`
    return text ? `${text}.${key}` : key
  }, '')
