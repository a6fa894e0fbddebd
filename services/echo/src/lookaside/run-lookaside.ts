import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Registry } from '@prometheus-io/client'
import { unavailable } from '../../../../scripts/lib/exit.ts'
import { KubernetesApi } from '../balancing/endpoint-slices/kubernetes-api.ts'
import type { LookasideConfig } from '../config.ts'
import { stopSignal } from '../stop-signal.ts'
import { ControlPlane } from './control-plane.ts'
import { startLookasideAdmin } from './lookaside-admin.ts'
import { serverCredentials } from './server-credentials.ts'

/** On SIGTERM, clients are served for so long while the cluster hears that there is one server less. */
const notReadySeconds = 1
/** Then streams may end within this long. */
const drainSeconds = 5

/** Runs the control plane until it is told to stop; rejects with one sentence when it cannot begin. */
export async function runLookaside(config: LookasideConfig, registry: Registry): Promise<void> {
  const stop = stopSignal()
  const { xdsListen: listen, lookasideConfig: configFile } = config
  const tls = serverCredentials(config, console.error)
  try {
    const api = apiOf(config.kubernetesApi)
    const options = { ...config, api, configFile, listen, credentials: tls.credentials, registry, say: console.error }
    const { plane, address } = await ControlPlane.start(options)
    try {
      const whyNotReady = () => (stop.aborted ? 'it stops' : plane.whyNotReady)
      const parts = { registry, whyNotReady, config: (zone: string) => plane.describe(zone) }
      const admin = await startLookasideAdmin(config.adminListen, parts)
      console.log(`lookaside: listening on ${address} (${tls.name}), admin on ${admin.url}`)
      process.send?.({ admin: admin.url, xds: address })
      if (!stop.aborted) await once(stop, 'abort')
      console.log(
        `lookaside: stops: not ready, then its clients go elsewhere, within ${notReadySeconds + drainSeconds} s`,
      )
      await sleep(notReadySeconds * 1000)
      await plane.close(drainSeconds)
      await admin.close()
    } catch (error) {
      await plane.close(0)
      throw error
    }
  } finally {
    tls.close()
  }
}

function apiOf(url: string | undefined): KubernetesApi {
  try {
    return new KubernetesApi(url === undefined ? {} : { url })
  } catch (error) {
    throw unavailable(`--kubernetes-api: ${(error as Error).message}.`)
  }
}
