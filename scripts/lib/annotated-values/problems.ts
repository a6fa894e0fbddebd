import { badInput } from '../exit.ts'

/** An annotation that makes no sense; its message says why and what to write instead. */
export class Mistake extends Error {}

/** What is wrong with one file, gathered so that one run tells all of it. */
export class Problems {
  readonly #file: string
  readonly #found: { line: number; text: string }[] = []

  constructor(file: string) {
    this.#file = file
  }

  add(line: number, text: string): void {
    this.#found.push({ line, text })
  }

  /** What `read` returns; undefined after a Mistake, which is then kept as a problem of `thing` on this line. */
  attempt<T>(line: number, thing: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      this.add(line, `${thing}: ${error.message}`)
      return undefined
    }
  }

  /** @throws EvenlyError (exit 65) with one `file:line: thing, reason and fix` per line, if there is any */
  throwIfAny(): void {
    if (this.#found.length === 0) return
    const inOrder = this.#found.toSorted((one, other) => one.line - other.line)
    throw badInput(inOrder.map(({ line, text }) => `${this.#file}:${line}: ${text}`).join('\n'))
  }
}
