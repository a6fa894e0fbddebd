import { beforeAll, describe } from 'vitest'

/** A suite that needs what not every machine has. Where `missing` names it the suite is skipped and says so; in CI it fails. */
export function whereThereIs(suite: string, missing: string, body: () => void): void {
  if (missing) process.stderr.write(`${suite}: ${missing}\n`)
  describe.skipIf(missing && !process.env.CI)(missing ? `${suite} (${missing})` : suite, () => {
    beforeAll(() => {
      if (missing) throw new Error(missing)
    })
    body()
  })
}
