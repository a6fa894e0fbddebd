/** The JSON as an object of these keys alone; throws an Error of one sentence when it is none or has another key. */
export function objectWith(json: unknown, name: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`${name} must be an object such as {}, not ${JSON.stringify(json)}`)
  }
  const unknown = Object.keys(json).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw new Error(`${name} has no ${unknown}: it knows ${keys.join(', ')}`)
  return json as Record<string, unknown>
}

/** The JSON as a number in this range; throws an Error of one sentence when it is none. */
export function inRange(
  json: unknown,
  name: string,
  { minimum, maximum, whole = false }: { minimum: number; maximum: number; whole?: boolean },
): number {
  const good = typeof json === 'number' && json >= minimum && json <= maximum && (!whole || Number.isInteger(json))
  if (good) return json
  const kind = whole ? 'a whole number' : 'a number'
  throw new Error(`${name} must be ${kind} from ${minimum} to ${maximum}, not ${JSON.stringify(json)}`)
}

/** Seconds of a duration as protobuf's JSON writes it, such as "10s" or "0.25s"; above 0. Throws an Error of one sentence. */
export function secondsOf(json: unknown, name: string): number {
  const seconds = typeof json === 'string' && /^\d+(\.\d{1,9})?s$/.test(json) ? Number(json.slice(0, -1)) : 0
  if (seconds > 0) return seconds
  throw new Error(`${name} must be seconds above 0 such as "10s", not ${JSON.stringify(json)}`)
}
