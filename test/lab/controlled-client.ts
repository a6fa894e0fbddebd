import type { ControlledScenario } from '../../scripts/lab/controlled-scenario.ts'
import type { Distribution } from '../../services/echo/src/distribution.ts'
import type { Counts } from '../../services/echo/src/tally.ts'
import { hello, openClient } from '../support/echo-pod.ts'
import { parseExposition } from '../support/exposition.ts'

/** Pods that answered one of the next 30 calls of the scenario's client. */
export async function calledIn({ admin }: ControlledScenario): Promise<string[]> {
  const window = (await (await fetch(`${admin}/distribution?next=30`)).json()) as { counts: Record<string, number> }
  return Object.keys(window.counts)
}

/** What its client counted since it was started. */
export async function lastMinutes({ admin }: ControlledScenario): Promise<Counts> {
  return ((await (await fetch(`${admin}/distribution`)).json()) as Distribution).lastMinutes[15]
}

/** Calls of its client that the pod has not answered yet. */
export const inFlight = (of: ControlledScenario, peer: string): Promise<number> =>
  sample(of, 'grpc_lb_client_peer_in_flight', (labels) => labels.peer === peer)
/** Addresses that its client knows. */
export const endpoints = (of: ControlledScenario): Promise<number> => sample(of, 'grpc_lb_client_endpoints', () => true)

async function sample(
  { admin }: ControlledScenario,
  name: string,
  wanted: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<number> {
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  return parseExposition(metrics).find((one) => one.name === name && wanted(one.labels))?.value ?? 0
}

/** The pod that answers at the address; undefined when none does. */
export async function served(address: string): Promise<string | undefined> {
  const client = openClient(address)
  const { reply } = await hello(client, {})
  client.close()
  return reply?.server?.pod
}
