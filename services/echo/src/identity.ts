import { hostname, networkInterfaces } from 'node:os'
import { Metadata } from '@grpc/grpc-js'

/** Who a server is. Kubernetes' downward API fills the environment; elsewhere the machine's own names do. */
export interface Identity {
  /** `POD_NAME`, else the host name. */
  readonly pod: string
  /** `POD_IP`, else the first address that is not loopback. */
  readonly ip: string
  /** `NODE_NAME`, else empty. */
  readonly node: string
  /** `POD_ZONE`, else empty. */
  readonly zone: string
  /** `POD_VERSION`, else the version of this program. */
  readonly version: string
}

export function readIdentity(env: NodeJS.ProcessEnv, programVersion: string): Identity {
  return Object.freeze({
    pod: env.POD_NAME || hostname(),
    ip: env.POD_IP || firstAddress(),
    node: env.NODE_NAME || '',
    zone: env.POD_ZONE || '',
    version: env.POD_VERSION || programVersion,
  })
}

/** The identity as initial metadata: with it any method of any client can be tallied, streams and errors included. */
export function identityMetadata(identity: Identity): Metadata {
  const metadata = new ConstantMetadata()
  for (const [name, value] of Object.entries(identity)) {
    if (value !== '') metadata.set(`x-evenly-${name}`, value)
  }
  metadata.set('hostname', identity.pod)
  return metadata
}

/** Metadata that never changes, with the headers it turns into made once: it goes out with every answer. */
class ConstantMetadata extends Metadata {
  private headers: ReturnType<Metadata['toHttp2Headers']> | undefined

  override toHttp2Headers(): ReturnType<Metadata['toHttp2Headers']> {
    this.headers ??= Object.freeze(super.toHttp2Headers())
    return this.headers
  }
}

/** The pod that answered, from a response's initial metadata; undefined when something else than our server answered. */
export function podOf(metadata: Metadata): string | undefined {
  return metadata.get('x-evenly-pod')[0]?.toString()
}

function firstAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find((address) => !address.internal && address.family === 'IPv4')?.address ?? '127.0.0.1'
}
