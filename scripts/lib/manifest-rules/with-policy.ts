import type { Call } from '../manifests/calls.ts'
import { settingsOf } from '../manifests/mentions.ts'
import type { Model } from '../manifests/model.ts'
import { argsOf, isEcho, withOption } from './echo-options.ts'
import { containerPatch, rewritten } from './patches.ts'

/** Tells a client the policy to balance by: our own in its arguments, others where pick_first stands; none where that is code. */
export function withPolicy(model: Model, call: Call, policy: string): object[] {
  const { client, container } = call
  if (isEcho(container)) {
    return [containerPatch(client, container, { args: withOption(argsOf(container), 'lb-policy', policy) })]
  }
  const settings = settingsOf(container, client, (name) => model.configMap(name, client.namespace))
  const told = settings.find(({ text }) => text.search(pickFirst) >= 0)
  return told ? [rewritten(call, told, (text) => text.replaceAll(pickFirst, policy))] : []
}

const pickFirst = /\bpick_first\b/gi
