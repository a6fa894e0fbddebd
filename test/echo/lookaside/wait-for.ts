import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when the condition holds; rejects after 20 seconds, which no run should need. */
export async function waitFor(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited 20 s for ${what}`)
    await sleep(5)
  }
}
