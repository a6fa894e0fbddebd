import { setTimeout as sleep } from 'node:timers/promises'
import type { EchoServer } from './echo-server.ts'
import { echoServiceName } from './wire.ts'

export interface ShutdownTimes {
  /** Say not ready and go on serving for this long: whoever routes to us needs time to hear of it. */
  readonly notReadySeconds: number
  /** Then running calls may end within this long. */
  readonly drainSeconds: number
}

/**
 * Stops a server so that no caller loses a call: not ready, wait, GOAWAY, drain within a limit. Resolves to whether
 * every running call could end by itself; the rest was cut, which callers see as CANCELLED.
 */
export async function stopServer(running: EchoServer, times: ShutdownTimes): Promise<boolean> {
  const { server, health, openStreams } = running
  // Probes and health watchers hear it first, while calls are still welcome.
  health.setStatus('', 'NOT_SERVING')
  health.setStatus(echoServiceName, 'NOT_SERVING')
  await sleep(times.notReadySeconds * 1000)

  // Closes the listener and sends GOAWAY: clients open no call here any more and finish the ones they have.
  const drained = new Promise<void>((resolve) => {
    server.tryShutdown(() => resolve())
  })
  openStreams.endAll()

  // tryShutdown waits for ever; forceShutdown needs channelz, which stays on, to find the sessions it must end.
  let allEnded = true
  const limit = setTimeout(() => {
    allEnded = false
    server.forceShutdown()
  }, times.drainSeconds * 1000)
  await drained
  clearTimeout(limit)
  return allEnded
}
