import { EvenlyError, unavailable } from '../lib/exit.ts'

/** What one knows of the things that are awaited. */
export interface Outlook {
  /** Why nothing will happen any more; empty while something may. */
  readonly whyOver?: () => string
  /** What there is, told to who has waited in vain. */
  readonly state?: () => string
}

/** Those who wait for what events bring. */
export class Waiting {
  private readonly checks = new Set<() => void>()
  private readonly signal: AbortSignal
  private readonly outlook: Outlook

  constructor(signal: AbortSignal, outlook: Outlook = {}) {
    this.signal = signal
    this.outlook = outlook
  }

  /** Something has happened: has everybody look. */
  look(): void {
    for (const check of [...this.checks]) check()
  }

  /**
   * Resolves to what `look` finds once it finds something; `look` may throw to give up.
   *
   * @throws EvenlyError (69) after the limit, or when all is over, with what was awaited; what the signal was aborted with when that came first
   */
  until<T>(what: string, limitSeconds: number, look: () => T | undefined | false): Promise<T> {
    const { signal, checks, outlook } = this
    return new Promise((resolve, reject) => {
      const give = (settle: () => void) => {
        clearTimeout(limit)
        signal.removeEventListener('abort', check)
        checks.delete(check)
        settle()
      }
      const fail = (why: string) => give(() => reject(unavailable(`waited for ${what}: ${why}`)))
      const late = () => fail(`not within ${limitSeconds} s${outlook.state?.() ?? ''}`)
      const check = () => {
        try {
          const found = look()
          const over = outlook.whyOver?.() ?? ''
          if (found) give(() => resolve(found))
          else if (signal.aborted) give(() => reject(signal.reason))
          else if (over !== '') fail(over)
        } catch (error) {
          give(() => reject(error instanceof EvenlyError ? error : new Error(what, { cause: error })))
        }
      }
      const limit = setTimeout(late, limitSeconds * 1000)
      signal.addEventListener('abort', check)
      checks.add(check)
      check()
    })
  }
}
