/** What cannot be watched now, said when it begins and when all is well again. */
export class WatchProblems {
  private readonly say: (sentence: string) => void
  private readonly problems = new Map<string, string>()

  constructor(say: (sentence: string) => void) {
    this.say = say
  }

  get count(): number {
    return this.problems.size
  }

  get first(): string | undefined {
    const [first] = this.problems.values()
    return first
  }

  /** @param sentence undefined: it is well again */
  note(watch: string, sentence: string | undefined): void {
    const before = this.problems.get(watch)
    if (sentence === before) return
    if (sentence !== undefined) {
      this.problems.set(watch, sentence)
      this.say(sentence)
      return
    }
    this.problems.delete(watch)
    if (this.problems.size === 0) this.say('lookaside: the API server answers again')
  }
}
