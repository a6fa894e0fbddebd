import { bar, percent } from './bars.ts'

/**
 * Rows of cells as lines with their columns under each other. A row with fewer cells than the longest ends in free text,
 * which widens no column.
 */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const widths = Array.from({ length: columns }, (_, column) =>
    rows.reduce((width, row) => {
      const isFree = column === row.length - 1 && row.length < columns
      return isFree ? width : Math.max(width, row[column]?.length ?? 0)
    }, 0),
  )
  return rows.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    return cells.join('  ').trimEnd()
  })
}

/** A line per share of 1: what it is called, a bar, and the percentage; all of one width. */
export function shareLines(shares: readonly { readonly label: string; readonly share: number }[]): string[] {
  const width = shares.reduce((most, { label }) => Math.max(most, label.length), 0)
  return shares.map(
    ({ label, share }) => `${label.padEnd(width)} ${bar(share, 16).padEnd(16)} ${percent(share).padStart(7)}`,
  )
}
