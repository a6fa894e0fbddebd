import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Section } from './board.ts'
import type { Placed } from './panel.ts'

export const gridColumns = 24

/** A panel, what it is called by, and where it is. */
export interface Laid {
  readonly id: number
  readonly placed: Placed
  readonly position: GridPos
}

/** Panels of a section from left to right; one that no longer fits begins a new line, below the highest of the last. */
export function layOut({ panels }: Section, firstId: number, top: number): { laid: Laid[]; bottom: number } {
  let [x, y, lineHeight] = [0, top, 0]
  const laid = panels.map((placed, i) => {
    if (x + placed.width > gridColumns) [x, y, lineHeight] = [0, y + lineHeight, 0]
    const position = { x, y, w: placed.width, h: placed.height }
    x += placed.width
    lineHeight = Math.max(lineHeight, placed.height)
    return { id: firstId + i, placed, position }
  })
  return { laid, bottom: y + lineHeight }
}
