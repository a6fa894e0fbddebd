import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Namespace } from '../scripts/cluster/namespace.ts'

/** Writes EndpointSlices over a connection to the API server that is open already. */
export class SliceWriter {
  private readonly url: string
  private readonly proxy: ChildProcess

  static async open(namespace: Namespace): Promise<SliceWriter> {
    const proxy = await namespace.cluster.start(['proxy', '--port', '0'])
    if (proxy.stdout) {
      for await (const line of createInterface({ input: proxy.stdout })) {
        const [, address] = /^Starting to serve on (\S+)/.exec(line) ?? []
        const path = `apis/discovery.k8s.io/v1/namespaces/${namespace.name}/endpointslices`
        if (address !== undefined) return new SliceWriter(`http://${address}/${path}`, proxy)
      }
    }
    throw new Error('kubectl proxy ended before it served')
  }

  private constructor(url: string, proxy: ChildProcess) {
    this.url = url
    this.proxy = proxy
  }

  /** Resolves to when it was sent, in milliseconds since 1970. */
  async write(slice: Readonly<Record<string, unknown>>): Promise<number> {
    const { name } = slice.metadata as { readonly name: string }
    const sent = performance.timeOrigin + performance.now()
    const answer = await fetch(`${this.url}/${name}?fieldManager=bench&force=true`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify(slice),
    })
    if (!answer.ok) throw new Error(`the slice was not written: ${answer.status} ${await answer.text()}`)
    return sent
  }

  close(): void {
    this.proxy.kill()
  }
}
