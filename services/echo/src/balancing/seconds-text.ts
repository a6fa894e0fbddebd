/**
 * A duration as protobuf's JSON writes it, such as "0.25s", exact to the nanosecond. Throws an Error of one sentence for what is no number
 * from `minimum`, by default above 0.
 */
export function secondsText(seconds: unknown, name: string, minimum?: 0): string {
  const text = isDuration(seconds) ? seconds.toFixed(9).replace(/\.?0+$/, '') : '0'
  if (text !== '0' || (minimum === 0 && seconds === 0)) return `${text}s`
  throw new Error(
    `${name} must be a number of seconds ${minimum === 0 ? 'from 0' : 'above 0'}, such as 10, not ${JSON.stringify(seconds)}`,
  )
}

/** The same as an object, which grpc-js wants in some places. */
export function secondsObject(seconds: unknown, name: string): { seconds: number; nanos: number } {
  const [whole, part = ''] = secondsText(seconds, name).slice(0, -1).split('.')
  return { seconds: Number(whole), nanos: Number(part.padEnd(9, '0')) }
}

// As many as protobuf allows: 10,000 years.
const maximumSeconds = 315_576_000_000

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= maximumSeconds
}
