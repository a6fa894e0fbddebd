import type { CallingRun } from '../../services/echo/src/controls/further-calls.ts'

/** Answers three calls at once and holds the others back. */
export class HeldRun implements CallingRun {
  started = 0
  private readonly held: (() => void)[] = []

  callOnce(): ReturnType<CallingRun['callOnce']> {
    const ended = { peer: 'pod-1', statusName: 'OK' }
    if (++this.started <= 3) return Promise.resolve(ended)
    return new Promise((resolve) => this.held.push(() => resolve(ended)))
  }

  endAll(): void {
    for (const end of this.held.splice(0)) end()
  }
}
