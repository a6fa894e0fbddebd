/**
 * A horizontal bar of block characters, an eighth of a character fine; anything above 0 shows.
 *
 * @param fraction of the full width, clamped to [0, 1]
 * @param width of a full bar in characters, default 30
 */
export function bar(fraction: number, width = 30): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8)
  const shown = fraction > 0 ? Math.max(1, eighths) : 0
  return '█'.repeat(Math.floor(shown / 8)) + (partials[shown % 8] ?? '')
}

/** A fraction of 1 as a percentage with one decimal: 0.393 is `39.3 %`. */
export const percent = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`

/** A probability with its relation sign, two digits: `= 0.088`, `= 2.3e-9`, `< 1e-300`. */
export function probability(p: number): string {
  if (p === 0) return '< 1e-300'
  return `= ${p < 0.001 ? p.toExponential(1) : Number(p.toPrecision(2))}`
}

const partials = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
