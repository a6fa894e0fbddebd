import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** `fails`: more than half of the client's calls end otherwise than OK, or it finds nobody to call; `succeeds`: none does. */
export async function measureOutcome(stage: Stage): Promise<Observation> {
  await stage.applyServers()
  // Calls that a proxy cannot bring anywhere may take all of the time that they have.
  const ended = stage.runClient(
    '--requests=60',
    '--concurrency=10',
    '--timeout-seconds=15',
    '--ready-timeout-seconds=20',
  )
  const report = await ended.catch((error: Error) => {
    // A client that has not reached anybody yet ends without a report.
    const [unreached] = /^echo: .* was not reachable for .*$/m.exec(error.message) ?? []
    if (unreached === undefined) throw error
    return unreached
  })
  if (typeof report === 'string') return { measured: 'fails', figures: report }
  const { requests, failed, errors, gaveUp } = report
  const figures = `${failed} of ${requests} calls failed ${JSON.stringify(errors)}${gaveUp ? ', it gave up' : ''}`
  if (gaveUp || failed > requests / 2) return { measured: 'fails', figures }
  if (failed === 0 && requests > 0) return { measured: 'succeeds', figures }
  throw new Error(`calls neither fail nor succeed: ${figures}`)
}
