import { readFile } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIPv6 } from 'node:net'

export interface KubernetesApiOptions {
  /** Such as http://127.0.0.1:8001 of `kubectl proxy`. Default: the API server of the cluster that the process runs in. */
  readonly url?: string
  /** File of the bearer token, read for every request, for it is rotated. Default: the pod's own; none where `url` is given. */
  readonly tokenFile?: string
  /** File of the certificates the server's is checked against, in PEM. Default: the pod's own; Node's where `url` is given. */
  readonly caFile?: string
}

/** Where Kubernetes puts what a pod may be known by. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** An API server, asked over HTTP/1.1: global fetch takes no certificate authority of its own, and the usual client is 83 MB. */
export class KubernetesApi {
  readonly url: string
  private readonly tokenFile: string | undefined
  private readonly caFile: string | undefined
  private ca: string | undefined
  private agent: http.Agent | undefined

  /** @throws Error of one sentence when there is no URL and the process runs in no cluster, or the URL is none */
  constructor({ url, tokenFile, caFile }: KubernetesApiOptions = {}) {
    const own = url === undefined ? serviceAccountFolder : undefined
    this.url = url === undefined ? ownCluster() : webAddress(url)
    this.tokenFile = this.encrypted ? (tokenFile ?? (own && `${own}/token`)) : undefined
    this.caFile = this.encrypted ? (caFile ?? (own && `${own}/ca.crt`)) : undefined
  }

  /**
   * Resolves once the headers of the answer are in, whatever its status. Neither the request nor its answer keeps the process
   * alive: who waits for it does.
   * @param signal ends the request or its answer.
   */
  async get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
    const token = this.tokenFile && (await readFile(this.tokenFile, 'utf8')).trim()
    const agent = await this.currentAgent()
    const url = new URL(`${this.url}${path}?${new URLSearchParams(query)}`)
    const headers = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    return new Promise((resolve, reject) => {
      const request = (this.encrypted ? https : http).get(url, { agent, headers, signal }, resolve)
      request.once('error', reject)
      request.once('socket', (socket) => {
        // A watch may be silent for minutes: only the kernel can tell that the other end is gone without a word.
        socket.setKeepAlive(true, keepAliveMilliseconds)
        socket.unref()
      })
    })
  }

  private get encrypted(): boolean {
    return this.url.startsWith('https:')
  }

  /** Read for every request too: connections stay until the certificates change. */
  private async currentAgent(): Promise<http.Agent> {
    const ca = this.caFile && (await readFile(this.caFile, 'utf8'))
    if (this.agent === undefined || ca !== this.ca) {
      this.ca = ca
      this.agent = this.encrypted ? new https.Agent({ keepAlive: true, ca }) : new http.Agent({ keepAlive: true })
    }
    return this.agent
  }
}

/** Then Linux asks ten times, a second apart: a connection that died in silence is noticed after 25 seconds. */
const keepAliveMilliseconds = 15_000

function ownCluster(): string {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env
  if (!host) {
    throw new Error(
      'this process runs in no cluster (KUBERNETES_SERVICE_HOST is not set): give the URL of an API server',
    )
  }
  return `https://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

function webAddress(url: string): string {
  if (!URL.canParse(url) || !/^https?:\/\//.test(url)) {
    throw new Error(`${JSON.stringify(url)} is no URL of an API server: write http://127.0.0.1:8001, say`)
  }
  return url.replace(/\/+$/, '')
}
