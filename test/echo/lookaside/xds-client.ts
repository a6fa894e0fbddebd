import { credentials, Metadata } from '@grpc/grpc-js'
import { register } from '@grpc/grpc-js-xds'
import { registerPolicies } from '../../../services/echo/src/balancing/register-policies.ts'
import { EchoClient } from '../../../services/echo/src/wire.ts'

register()
registerPolicies()

export interface XdsClientOptions {
  readonly zone?: string
  /** Control planes, the first of which that answers is used. Given as one target, as a Service gives it. */
  readonly server: string
}

/** A client that dials `xds:///SERVICE`, with a bootstrap of its own. */
export function openXdsClient(
  service: string,
  { server, zone = '' }: XdsClientOptions,
): InstanceType<typeof EchoClient> {
  const bootstrap = {
    xds_servers: [{ server_uri: server, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }],
    node: { id: `test-${zone}`, locality: { zone } },
  }
  return new EchoClient(`xds:///${service}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    // The only way to give each client its own; else the environment has one for the whole process.
    'grpc.TEST_ONLY_DO_NOT_USE_IN_PROD.xds_bootstrap_config': JSON.stringify(bootstrap),
  })
}

/** How calls are made. */
export interface CallOptions {
  readonly atOnce?: number
  readonly delayMilliseconds?: number
  /** The only pod that waits. */
  readonly slowPeer?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Who served each of so many calls, made one after another unless some are to be in flight at a time. */
export async function callsPerPod(
  client: InstanceType<typeof EchoClient>,
  calls: number,
  { atOnce = 1, delayMilliseconds = 0, slowPeer = '', headers = {} }: CallOptions = {},
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  let left = calls
  const one = async () => {
    while (left-- > 0) {
      const pod = await servedBy(client, { delayMilliseconds, slowPeer, headers })
      counts[pod] = (counts[pod] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return counts
}

/** Why a call failed, or who served it. */
function servedBy(
  client: InstanceType<typeof EchoClient>,
  { delayMilliseconds, slowPeer, headers }: Required<Omit<CallOptions, 'atOnce'>>,
): Promise<string> {
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value)
  const behaviour = { delayMilliseconds, ...(slowPeer !== '' && { onlyPod: slowPeer }) }
  return new Promise((resolve) => {
    client.hello({ behaviour }, metadata, { deadline: Date.now() + 10_000 }, (error, reply) =>
      resolve(error ? `${error.code} ${error.details}` : (reply?.server?.pod ?? '')),
    )
  })
}
