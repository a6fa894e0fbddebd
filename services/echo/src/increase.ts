/** Adds to a sum. One that falls back to 0 is forgotten: a peer that answered none has no place in counts. */
export function increase<Key>(sums: Map<Key, number>, key: Key, by = 1): void {
  const sum = (sums.get(key) ?? 0) + by
  if (sum === 0) sums.delete(key)
  else sums.set(key, sum)
}
