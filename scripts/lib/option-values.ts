import { InvalidArgumentError, Option } from 'commander'

/** Parser of a commander option that takes a whole number within bounds, both included. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (value: string) => number {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `, ${minimum} or more` : ` from ${minimum} to ${maximum}`
  return (value) => {
    const number = Number(value)
    if (value.trim() !== '' && Number.isSafeInteger(number) && number >= minimum && number <= maximum) return number
    throw new InvalidArgumentError(`It must be a whole number${range}.`)
  }
}

/** Parser of a commander option that takes a number from `minimum` up; `what` names it in the refusal. */
export function numberFrom(minimum: number, what: string): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (value.trim() !== '' && Number.isFinite(number) && number >= minimum) return number
    throw new InvalidArgumentError(`It must be ${what}.`)
  }
}

/** Parser of a commander option that takes ADDRESS:PORT. */
export function listenAddress(value: string): string {
  if (/^[^\s]+:\d{1,5}$/.test(value)) return value
  throw new InvalidArgumentError('It must be ADDRESS:PORT, such as 0.0.0.0:8080.')
}

/** An option that may be given several times; each time its value has to match the pattern. */
export function repeatable(flags: string, text: string, pattern = /./): Option {
  return new Option(flags, text).default([], 'none').argParser((value: string, earlier: readonly string[]) => {
    if (!pattern.test(value)) throw new InvalidArgumentError(`It must be like ${flags.replace(/^\S+ /, '')}.`)
    return [...earlier, value]
  })
}
