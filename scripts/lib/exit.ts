/**
 * Exit codes of every command: sysexits where one fits, 79 as istioctl uses it for "looked, and it is not good", 130 as shells
 * have it for Ctrl-C.
 */
export const exitCode = {
  asExpected: 0,
  error: 1,
  usage: 64,
  badInput: 65,
  unavailable: 69,
  verdictNotMet: 79,
  interrupted: 130,
} as const

/** A failure whose one-sentence message names the thing, the reason and the fix; shown without a stack trace. */
export class EvenlyError extends Error {
  readonly exitCode: number

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EvenlyError'
    this.exitCode = exitCode
  }
}

/** Options or arguments that make no sense: exit 64. */
export const usageError = (message: string): EvenlyError => new EvenlyError(exitCode.usage, message)

/** A file or document that cannot be used: exit 65. */
export const badInput = (message: string): EvenlyError => new EvenlyError(exitCode.badInput, message)

/** A tool, server or cluster that cannot be reached: exit 69. */
export const unavailable = (message: string): EvenlyError => new EvenlyError(exitCode.unavailable, message)

/** The user has ended it: exit 130. */
export const interrupted = (message: string): EvenlyError => new EvenlyError(exitCode.interrupted, message)
