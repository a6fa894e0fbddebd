import { readFileSync } from 'node:fs'
import { type ChannelOptions, experimental as grpc } from '@grpc/grpc-js'
import { objectWith } from '../policies/read-settings.ts'
import { EndpointSliceResolver } from './endpoint-slice-resolver.ts'
import { KubernetesApi, type KubernetesApiOptions, serviceAccountFolder } from './kubernetes-api.ts'
import { parseServiceTarget, type ServiceTarget } from './service-target.ts'
import { ServiceWatches } from './service-watches.ts'

export interface EndpointSliceResolverOptions extends KubernetesApiOptions {
  /** The caller's zone: where all endpoints of a Service have hints, those for this zone alone are called. Default: all are. */
  readonly zone?: string
  /** Called with a sentence when the API server goes away, while the last endpoints stay, and with undefined when it is back. */
  readonly problem?: (sentence: string | undefined) => void
}

/**
 * Makes grpc-js know targets such as `k8s:///orders.shop:8080`: the pods of a Service, by the name or number of the port they listen
 * on, as they come and go. In the namespace of the process itself `k8s:///orders:8080` will do. Channels of one Service share one
 * watch. Channels made after another call of this obey its options.
 *
 * The service account needs the right to list and watch endpointslices in the Service's namespace.
 * @throws Error of one sentence when the process runs in no cluster and `url` is not given
 */
export function registerEndpointSliceResolver(options: EndpointSliceResolverOptions = {}): void {
  objectWith(options, 'registerEndpointSliceResolver', ['zone', 'problem', 'url', 'tokenFile', 'caFile'])
  const { zone, problem = () => {}, ...apiOptions } = options
  if (zone === '') throw new Error('zone is empty: give the name of a zone, or leave it out to call all')
  const watches = new ServiceWatches(new KubernetesApi(apiOptions), problem)
  const ownNamespace = options.url === undefined ? readOwnNamespace() : undefined

  class Resolver extends EndpointSliceResolver {
    constructor(uri: grpc.GrpcUri, listener: grpc.ResolverListener, _options: ChannelOptions) {
      super(serviceOf(uri, ownNamespace), listener, watches, zone)
    }

    static getDefaultAuthority(uri: grpc.GrpcUri): string {
      return authorityOf(serviceOf(uri, ownNamespace))
    }
  }
  grpc.registerResolver(scheme, Resolver)
}

const scheme = 'k8s'

function serviceOf({ authority, path }: grpc.GrpcUri, ownNamespace: string | undefined): ServiceTarget {
  // gRPC takes what stands behind two slashes alone for a path that begins with them.
  const twoSlashes = path.startsWith('//')
  if (authority || twoSlashes) {
    const [given, target] = twoSlashes ? [path, path.slice(2)] : [`//${authority}/${path}`, path]
    throw new Error(`the target ${scheme}:${given} takes three slashes: write ${scheme}:///${target}`)
  }
  return parseServiceTarget(path, ownNamespace)
}

/** A server knows itself by this, whichever pod it is; an authority has no port but a number. */
function authorityOf({ service, namespace, port }: ServiceTarget): string {
  return `${service}.${namespace}${/^\d+$/.test(port) ? `:${port}` : ''}`
}

function readOwnNamespace(): string | undefined {
  try {
    return readFileSync(`${serviceAccountFolder}/namespace`, 'utf8').trim()
  } catch {
    return undefined
  }
}
