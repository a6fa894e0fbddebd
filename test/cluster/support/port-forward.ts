import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { tool } from '../../../scripts/lib/tools.ts'
import type { Namespace } from './namespace.ts'
import type { Pod } from './pod-watch.ts'

/** A way from here to a port of one pod, whatever the Services say: each connection made here is made anew in the pod. */
export class PortForward {
  /** Where it begins, `address:port`. */
  readonly address: string
  private readonly kubectl: ChildProcess

  static async open(namespace: Namespace, pod: Pod, port: number): Promise<PortForward> {
    const args = ['-n', namespace.name, 'port-forward', `pod/${pod.name}`, `:${port}`, '--address', '127.0.0.1']
    const kubectl = spawn(await tool('kubectl'), args, { stdio: ['ignore', 'pipe', 'ignore'] })
    for await (const line of createInterface({ input: kubectl.stdout })) {
      const [, address] = /^Forwarding from (\S+) ->/.exec(line) ?? []
      if (address !== undefined) return new PortForward(address, kubectl)
    }
    throw new Error(`kubectl ${args.join(' ')} ended before it forwarded anything`)
  }

  private constructor(address: string, kubectl: ChildProcess) {
    this.address = address
    this.kubectl = kubectl
  }

  close(): void {
    this.kubectl.kill()
  }
}
