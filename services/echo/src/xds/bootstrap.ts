import { readFileSync } from 'node:fs'
import { badInput, usageError } from '../../../../scripts/lib/exit.ts'

/** What a client of xds:/// targets must know before it can ask anybody. */
export interface Bootstrap {
  /** The control plane, as a gRPC target. */
  readonly serverUri: string
}

/**
 * Reads the bootstrap where grpc-js-xds will: the file that GRPC_XDS_BOOTSTRAP names, or the JSON in GRPC_XDS_BOOTSTRAP_CONFIG. Throws
 * a usage error (64) where there is none, and 65 for one that cannot work: grpc-js-xds itself would say something else, or nothing,
 * and its calls would wait for a name that is never found.
 */
export function readBootstrap(target: string, env: NodeJS.ProcessEnv): Bootstrap {
  const { GRPC_XDS_BOOTSTRAP: file, GRPC_XDS_BOOTSTRAP_CONFIG: text } = env
  if (!file && !text) {
    throw usageError(
      `-h ${target}: no bootstrap says where the control plane is: set GRPC_XDS_BOOTSTRAP_CONFIG to its JSON, or GRPC_XDS_BOOTSTRAP to a file of it.`,
    )
  }
  const where = file ? `GRPC_XDS_BOOTSTRAP ${file}` : 'GRPC_XDS_BOOTSTRAP_CONFIG'
  const bootstrap = parse(where, file ? read(file) : (text as string))
  const problem = whyUseless(bootstrap)
  if (problem) throw badInput(`${where}: ${problem}.`)
  return { serverUri: bootstrap.xds_servers?.[0]?.server_uri as string }
}

/** As far as it is looked at here. */
interface BootstrapJson {
  readonly xds_servers?: readonly {
    readonly server_uri?: unknown
    readonly channel_creds?: readonly Credentials[]
  }[]
  readonly node?: { readonly id?: unknown; readonly locality?: unknown }
}

interface Credentials {
  readonly type?: unknown
}

function whyUseless({ xds_servers, node }: BootstrapJson): string | undefined {
  const server = Array.isArray(xds_servers) ? xds_servers[0] : undefined
  if (typeof server?.server_uri !== 'string' || server.server_uri === '') {
    return 'xds_servers[0].server_uri is missing: it names the control plane, such as "lookaside.shop:18000"'
  }
  const credentials: readonly Credentials[] = Array.isArray(server.channel_creds) ? server.channel_creds : []
  if (!credentials.some((entry) => entry?.type === 'insecure')) {
    return 'xds_servers[0].channel_creds must have [{"type":"insecure"}]: grpc-js-xds knows no TLS to a control plane'
  }
  if (typeof node?.id !== 'string') return 'node.id is missing: it names this client, such as the pod'
  if (typeof node.locality !== 'object' || node.locality === null) {
    return 'node.locality is missing, without which grpc-js-xds resolves nothing: write {"zone":""} where there are no zones'
  }
  return undefined
}

function parse(where: string, text: string): BootstrapJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw badInput(`${where} is not JSON (${(error as Error).message}): write {"xds_servers":[...],"node":{...}}.`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw badInput(`${where} is no object: write {"xds_servers":[...],"node":{...}}.`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw badInput(`GRPC_XDS_BOOTSTRAP ${file}: ${(error as Error).message}: mount it, or name another file.`)
  }
}
