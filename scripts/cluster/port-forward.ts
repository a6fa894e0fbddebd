import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { unavailable } from '../lib/exit.ts'
import { complaintOf } from './cluster.ts'
import type { Namespace } from './namespace.ts'

/** A way from here to a port of one pod, whatever Services and sidecars say: connections made here are made anew in the pod. */
export class PortForward {
  /** Where it begins, `address:port`. */
  readonly address: string
  private readonly kubectl: ChildProcess

  static async open(namespace: Pick<Namespace, 'cluster' | 'name'>, pod: string, port: number): Promise<PortForward> {
    const args = ['-n', namespace.name, 'port-forward', `pod/${pod}`, `:${port}`, '--address', '127.0.0.1']
    const kubectl = await namespace.cluster.start(args)
    if (kubectl.stdout) {
      for await (const line of createInterface({ input: kubectl.stdout })) {
        const [, address] = /^Forwarding from (\S+) ->/.exec(line) ?? []
        if (address !== undefined) return new PortForward(address, kubectl)
      }
    }
    throw unavailable(
      `port ${port} of pod ${pod} cannot be reached: ${complaintOf(kubectl) || 'kubectl port-forward ended at once'}`,
    )
  }

  private constructor(address: string, kubectl: ChildProcess) {
    this.address = address
    this.kubectl = kubectl
  }

  close(): void {
    this.kubectl.kill()
  }
}
