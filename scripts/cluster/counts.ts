/** Numbers by name, such as a pod's calls. */
export type Counts = Readonly<Record<string, number>>

/** So that one that got nothing is a 0 rather than missing. */
export const zeroes = (names: Iterable<string>): Counts => Object.fromEntries([...names].map((name) => [name, 0]))

/** Added up name by name, in the order in which the names come first. */
export function summed(all: readonly Counts[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const one of all) for (const [name, value] of Object.entries(one)) total[name] = (total[name] ?? 0) + value
  return total
}

export const totalOf = (counts: Counts): number => sum(Object.values(counts))

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
