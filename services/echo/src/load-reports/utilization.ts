import { InvalidArgumentError } from 'commander'

/** What a server reports of its load: nothing, what it measures, or this number. */
export type Utilization = 'off' | 'measured' | number

/** In words, for who gave another number. */
export const utilizationRange = 'a number from 0.001 to 1000'

/** Whether a server may state this as its utilization: 1 is all that it can do, more is overload. */
export function isUtilization(value: unknown): value is number {
  return typeof value === 'number' && value >= 0.001 && value <= 1000
}

/** Reads the option `--utilization`. */
export function readUtilization(text: string): Utilization {
  if (text === 'off' || text === 'measured') return text
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (isUtilization(value)) return value
  throw new InvalidArgumentError(`It must be off, measured, or ${utilizationRange}.`)
}
