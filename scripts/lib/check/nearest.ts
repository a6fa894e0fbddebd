/** The word that was most likely meant: the nearest of those that differ by little; undefined when none is near. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: { word: string; distance: number } | undefined
  for (const candidate of words) {
    const distance = distanceOf(word.toLowerCase(), candidate.toLowerCase()) + (word[0] === candidate[0] ? 0 : 0.1)
    const furthest = Math.max(1, Math.floor(candidate.length / 3)) + 0.3
    if (distance <= furthest && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { word: candidate, distance }
  }
  return best?.word
}

/**
 * Damerau–Levenshtein distance: letters added, left out, changed, or swapped with their neighbour. What fingers do most
 * counts a little less: a letter doubled, two swapped; what they do least a little more: another letter altogether.
 */
function distanceOf(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const at = (up: number, left: number): number => rows[i - up]?.[j - left] ?? Number.POSITIVE_INFINITY
      const isSame = one[i - 1] === other[j - 1]
      const isDoubled = i > 1 && one[i - 1] === one[i - 2]
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const costs = [at(1, 0) + (isDoubled ? 0.9 : 1), (row[j - 1] as number) + 1, at(1, 1) + (isSame ? 0 : 1.2)]
      if (isSwapped) costs.push(at(2, 2) + 0.9)
      row.push(Math.min(...costs))
    }
    rows.push(row)
  }
  return rows[one.length]?.[other.length] as number
}
