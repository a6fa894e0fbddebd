import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '../scripts/cluster/namespace.ts'
import { Arrivals } from './propagation-arrivals.ts'
import { istiodBootstrap, istiodTarget, lookasideBootstrap, target } from './propagation-manifests.ts'

/** Clients that run in pods, by the pods' names. */
export const podArms = ['lookaside-xds', 'istio-sidecar', 'istiod-xds'] as const

const program = fileURLToPath(new URL('./propagation-caller.ts', import.meta.url))

/** All clients there are: those in pods and, where this machine can reach pods by their addresses, those of grpc-js here. */
export async function followArms(namespace: Namespace, podIp: string): Promise<Map<string, Arrivals>> {
  const arms = new Map<string, Arrivals>()
  for (const name of podArms) arms.set(name, await Arrivals.follow(namespace, name))
  if (!(await canReach(podIp, 8080))) {
    console.log(`no clients of grpc-js: this machine cannot reach pods at their addresses, such as ${podIp}`)
    return arms
  }
  const ours = lookasideBootstrap(await addressOf(namespace, namespace.name, 'lookaside'))
  const theirs = istiodBootstrap(namespace.name, await addressOf(namespace, 'istio-system', 'istiod'), '127.0.0.1')
  arms.set('lookaside-xds grpc-js', here('lookaside-xds grpc-js', target(namespace.name), ours))
  arms.set('istiod-xds grpc-js', here('istiod-xds grpc-js', istiodTarget(namespace.name), theirs))
  return arms
}

function here(name: string, called: string, bootstrap: object): Arrivals {
  const env = { ...process.env, GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(bootstrap) }
  return new Arrivals(name, spawn(process.execPath, [program, called], { env, stdio: ['ignore', 'pipe', 'inherit'] }))
}

async function addressOf({ cluster }: Namespace, namespace: string, app: string): Promise<string> {
  const args = ['-n', namespace, 'get', 'pods', '-l', `app=${app}`, '-o', 'jsonpath={.items[0].status.podIP}']
  return cluster.kubectl(args)
}

async function canReach(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
