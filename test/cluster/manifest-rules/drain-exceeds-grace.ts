import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** `fails`: calls of 8 s are cut when one of the pods that serve them is deleted; `succeeds`: all of them end well. */
export async function measure(stage: Stage): Promise<Observation> {
  const [pod] = await stage.applyServers()
  if (pod === undefined) throw new Error('there is no server')
  const client = await stage.startClient('--rps=10', '--delay-milliseconds=8000', '--timeout-seconds=30')
  await client.until('the first calls to end', 60, () => client.calls >= 30)
  await stage.kubectl('delete', 'pod', pod.name, '--wait=false')
  await stage.until(`${pod.name} to be gone`, 60, () => stage.pods().find((each) => each.uid === pod.uid && each.gone))
  const callsThen = client.calls
  // Ten seconds' worth: whatever ran when it went has ended by then.
  await client.until('calls that ran then to end', 60, () => client.calls >= callsThen + 100)
  const figures = `${client.failed} of ${client.calls} calls failed ${JSON.stringify(client.errors)}`
  return { measured: client.failed > 0 ? 'fails' : 'succeeds', figures }
}
