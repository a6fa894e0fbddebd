import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EchoProcess } from './echo-process.ts'
import { type EndpointSliceApi, labNamespace, startEndpointSliceApi } from './endpoint-slice-api.ts'

/** Starts `echo ARGS`. */
export type Start = (args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<EchoProcess>

interface LabPlace {
  readonly name: string
  readonly address: string
}

/** What watches pods in a cluster, each begun on first use: an API that tells of EndpointSlices, and a real control plane. */
export class LabKubernetes {
  private readonly start: Start
  private api: Promise<EndpointSliceApi> | undefined
  private plane: Promise<EchoProcess> | undefined
  private folder: string | undefined
  /** Services that the control plane serves, and by which policy. */
  private readonly served = new Map<string, string>()

  constructor(start: Start) {
    this.start = start
  }

  /** Makes these the pods of a Service, and tells the gRPC target that watches them. */
  async publish(service: string, pods: readonly LabPlace[]): Promise<string> {
    this.api ??= startEndpointSliceApi()
    const api = await this.api
    api.setPods(service, pods)
    return `k8s:///${service}.${labNamespace}:grpc`
  }

  /** Has the control plane tell these pods of a Service, and the policy to use; returns the gRPC target that asks it. */
  async serve(service: string, pods: readonly LabPlace[], policy: string): Promise<string> {
    await this.publish(service, pods)
    await this.setPolicy(service, policy)
    this.plane ??= this.startPlane()
    await this.plane
    return `xds:///${nameOf(service)}`
  }

  /** The control plane reads it at once, and tells its clients. */
  async setPolicy(service: string, policy: string): Promise<void> {
    if (this.served.get(service) === policy) return
    this.served.set(service, policy)
    await this.writeConfig()
  }

  /** What a client has to know of this to dial such targets, in its environment. */
  async clientEnvironment(): Promise<NodeJS.ProcessEnv> {
    const api = await this.api
    const plane = await this.plane
    const xds_servers = [{ server_uri: plane?.xds, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }]
    const bootstrap = { xds_servers, node: { id: 'lab', locality: { zone: '' } } }
    return {
      ...(api && { ECHO_KUBERNETES_API: api.url }),
      ...(plane && { GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(bootstrap) }),
    }
  }

  /** The control plane's process is for its starter to end. */
  async close(): Promise<void> {
    await (await this.api)?.close()
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true })
  }

  private async startPlane(): Promise<EchoProcess> {
    const api = await this.api
    const config = ['--lookaside-config', await this.writeConfig()]
    return this.start(['--lookaside', '--xds-listen', '127.0.0.1:0', '--kubernetes-api', api?.url ?? '', ...config], {})
  }

  private async writeConfig(): Promise<string> {
    this.folder ??= await mkdtemp(join(tmpdir(), 'evenly-lab-'))
    const file = join(this.folder, 'lookaside.json')
    const services = [...this.served].map(([service, policy]) => {
      const backends = [{ service: `${service}.${labNamespace}:grpc` }]
      return [nameOf(service), { policy: { [policy]: {} }, backends }]
    })
    await writeFile(file, JSON.stringify({ services: Object.fromEntries(services) }))
    return file
  }
}

const nameOf = (service: string): string => `${service}.${labNamespace}`
