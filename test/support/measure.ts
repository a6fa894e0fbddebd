import { Registry } from '@prometheus-io/client'
import { createEchoClient } from '../../services/echo/src/echo-client.ts'
import { callMetrics } from '../../services/echo/src/metrics/call-metrics.ts'
import { PeerMetrics } from '../../services/echo/src/metrics/peer-metrics.ts'
import type { Report } from '../../services/echo/src/report.ts'
import { Tally } from '../../services/echo/src/tally.ts'
import { clientConfig } from './echo-config.ts'

/** A real client that runs inside the test's own process. */
export interface Measuring {
  /** What it said, a line each. */
  readonly said: readonly string[]
  readonly report: Promise<Report>
  /** Ends a client that would go on for ever; its report follows. */
  stop(): void
}

/** Starts what `echo -h TARGET ARGS` runs. */
export async function measuring(target: string, ...args: string[]): Promise<Measuring> {
  const config = await clientConfig(target, '--client-id', 'me', ...args)
  const registry = new Registry()
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const peerMetrics = new PeerMetrics(registry, target)
  const parts = { tally: new Tally(), observe: callMetrics(registry, 'client'), peerMetrics, say }
  const stop = new AbortController()
  return { said, report: createEchoClient(config, parts).run(stop.signal), stop: () => stop.abort() }
}

/** Runs `echo -h TARGET ARGS` to its end. */
export async function measure(target: string, ...args: string[]): Promise<Report> {
  return (await measuring(target, ...args)).report
}
