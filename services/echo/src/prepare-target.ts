import { usageError } from '../../../scripts/lib/exit.ts'
import type { ClientConfig } from './config.ts'
import { isXds } from './resolved-addresses.ts'

/**
 * Makes grpc-js know how to resolve a target of k8s:/// or xds:///, before a channel is opened to it; other targets need nothing.
 * Throws an error of one sentence for an xds:/// target without a bootstrap that works (64, 65).
 * @param say is told when what the endpoints come from goes away, and when it is back.
 * @param stop ends what watches it.
 */
export async function prepareTarget(
  { target, kubernetesApi }: Pick<ClientConfig, 'target' | 'kubernetesApi'>,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  if (target.startsWith('k8s:')) return prepareKubernetes(target, kubernetesApi, say)
  if (isXds(target)) return prepareXds(target, say, stop)
}

async function prepareKubernetes(target: string, url: string | undefined, say: (line: string) => void): Promise<void> {
  const { registerEndpointSliceResolver } = await import(
    './balancing/endpoint-slices/register-endpoint-slice-resolver.ts'
  )
  const zone = process.env.POD_ZONE
  try {
    registerEndpointSliceResolver({
      ...(url !== undefined && { url }),
      ...(zone && { zone }),
      problem: (sentence) => say(sentence ?? 'the API server answers again'),
    })
  } catch (error) {
    throw usageError(`-h ${target}: ${(error as Error).message}.`)
  }
}

/** Loaded where it is wanted: grpc-js-xds takes 0.4 s to load, and more memory than all the rest. */
async function prepareXds(target: string, say: (line: string) => void, stop: AbortSignal): Promise<void> {
  const { readBootstrap } = await import('./xds/bootstrap.ts')
  const { serverUri } = readBootstrap(target, process.env)
  const [{ registerXds }, { watchControlPlane }] = await Promise.all([
    import('./xds/register-xds.ts'),
    import('./xds/watch-control-plane.ts'),
  ])
  registerXds()
  watchControlPlane(serverUri, say, stop)
}
