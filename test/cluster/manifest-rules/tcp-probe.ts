import type { Observation } from './measure.ts'
import type { Stage } from './stage.ts'

/** Stops the server's process, which the kernel goes on to accept connections for; the pattern does not fit the shell itself. */
const hang = 'for p in /proc/[0-9]*; do if grep -qa "[e]cho.mjs" $p/cmdline; then kill -STOP $(basename $p); fi; done'

/**
 * One of the servers hangs, and is given 30 s to be found out. `fails`: calls to it still run into their deadlines after that;
 * `succeeds`: none does.
 */
export async function measure(stage: Stage): Promise<Observation> {
  for (const object of stage.objects) if (object.kind === 'Deployment') hasten(object.spec.template.spec)
  const [pod] = await stage.applyServers()
  if (pod === undefined) throw new Error('there is no server')
  const client = await stage.startClient('--rps=30', '--timeout-seconds=1')
  await client.until('the first calls', 60, () => client.calls >= 90)
  await stage.kubectl('exec', pod.name, '--', 'sh', '-c', hang)
  await client.until('calls to fail', 30, () => client.failed > 0)
  const isReady = (ready: boolean) => () => stage.pods().find((each) => each.uid === pod.uid && each.ready === ready)
  const found = await stage.until(`${pod.name} to be found out`, 30, isReady(false)).catch(() => undefined)
  if (found) await stage.until(`${pod.name} to be ready again`, 60, isReady(true))
  // Those that run into their deadlines now began before.
  await client.until('calls that ran then to end', 30, after(client, 60))
  const [calls, failed] = [client.calls, client.failed]
  await client.until('calls to end', 30, after(client, 150))
  const figures = `${client.failed - failed} of ${client.calls - calls} calls failed ${found ? 'after its restart' : 'after 30 s, and it was still ready'}`
  return { measured: client.failed > failed ? 'fails' : 'succeeds', figures }
}

/** Probes every second, and processes that can be signalled. */
// biome-ignore lint/suspicious/noExplicitAny: a pod's spec
function hasten(podSpec: any): void {
  podSpec.shareProcessNamespace = true
  podSpec.terminationGracePeriodSeconds = 1
  for (const container of podSpec.containers) {
    for (const probe of [container.readinessProbe, container.livenessProbe]) Object.assign(probe, { periodSeconds: 1 })
  }
}

function after(client: { readonly calls: number }, more: number): () => boolean {
  const { calls } = client
  return () => client.calls >= calls + more
}
