import { getChannelzHandlers } from '@grpc/grpc-js'

const pollMilliseconds = 1000

/**
 * Says when this process's connection to its control plane is lost or back: grpc-js-xds tells nobody, goes on with what it heard last,
 * and lets a target that it never heard of wait.
 * @param serverUri the control plane as the bootstrap names it.
 * @param signal ends the watch.
 */
export function watchControlPlane(serverUri: string, say: (line: string) => void, signal: AbortSignal): void {
  let lost = false
  const look = () => {
    const state = stateOfChannelTo(serverUri)
    if (state === 'TRANSIENT_FAILURE' && !lost) {
      lost = true
      say(
        `the control plane ${serverUri} is not reachable: endpoints stay as it told them last; trying again, with pauses`,
      )
    }
    if (state === 'READY' && lost) {
      lost = false
      say(`the control plane ${serverUri} is reachable again`)
    }
  }
  const timer = setInterval(look, pollMilliseconds).unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

/** Of this process's channel with that target, as channelz has it; undefined before there is one. */
function stateOfChannelTo(serverUri: string): string | undefined {
  // channelz handlers answer synchronously; their types want a whole server call for it.
  // biome-ignore lint/suspicious/noExplicitAny: the generated channelz types are not exported by grpc-js
  const { GetTopChannels } = getChannelzHandlers() as any
  let state: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: as above
  GetTopChannels({ request: { start_channel_id: '0', max_results: '0' } }, (_error: unknown, reply: any) => {
    for (const { data } of reply?.channel ?? []) {
      if (data.target === serverUri) state = data.state.state
    }
  })
  return state
}
