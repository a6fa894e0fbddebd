import type { Content } from '../../../scripts/lib/manifests/manifest.ts'
import type { Observation } from './measure.ts'
import { lengthenEjections } from './outlier-inert.ts'
import type { Stage } from './stage.ts'

/**
 * Of 300 calls the second hundred are of a method that there is not. `fails`: most of the third hundred, which are good, end
 * UNAVAILABLE; `succeeds`: none does.
 */
export async function measure(stage: Stage): Promise<Observation> {
  lengthenEjections(stage)
  await stage.applyServers()
  await stage.apply([misspelling(stage)])
  await stage.cluster.pause(3000)
  const { requests, failed, errors } = await stage.runClient(
    '--requests=300',
    // Envoy's workers learn of an ejection from its main thread, and a hundred calls may be over before that.
    '--rps=30',
    '--timeout-seconds=30',
    '--key-header=x-key',
    '--keys=1000',
  )
  const { UNIMPLEMENTED: bad = 0, UNAVAILABLE: good = 0 } = errors
  const figures = `${failed} of ${requests} calls failed ${JSON.stringify(errors)}`
  if (good >= 50 && bad >= 15) return { measured: 'fails', figures }
  if (bad === 100 && failed === bad) return { measured: 'succeeds', figures }
  throw new Error(`calls neither fail nor succeed: ${figures}`)
}

/** Calls 100 to 199 go to another method. */
const misspelling = ({ objects }: Stage): Content => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'orders', namespace: objects[0]?.metadata.namespace },
  spec: {
    hosts: ['orders'],
    http: [
      {
        match: [{ headers: { 'x-key': { regex: 'key-1\\d\\d' } } }],
        rewrite: { uri: '/evenly.echo.v1.Echo/Nothing' },
        route: [{ destination: { host: 'orders' } }],
      },
      { route: [{ destination: { host: 'orders' } }] },
    ],
  },
})
