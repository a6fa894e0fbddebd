import type { Call } from '../manifests/calls.ts'
import type { Model } from '../manifests/model.ts'
import { podPort } from '../manifests/pod-port.ts'
import { connectionAges } from './connection-age.ts'
import { policyOf } from './own-calls.ts'
import { headlessTwin, retargeted } from './patches.ts'

/** What a client is to call in place of a virtual IP, so that it can balance by itself, and the patches that get it there. */
export function headlessTarget(model: Model, call: Call): { target: string; patch: object[] } {
  const { client, service, port, mention } = call
  const number = podPort(service, port) ?? port.number
  const twin = model
    .twinsOf(service)
    .find(({ isHeadless, ports }) => isHeadless && ports.some((each) => each.number === number))
  const name = twin?.name ?? `${service.name}-headless`
  const where = client.namespace === service.namespace ? '' : `.${service.namespace}`
  const target = `dns:///${name}${where}:${number}`
  const policy = policyOf(call) === 'pick_first' ? 'round_robin' : policyOf(call)
  const patch = [
    ...(twin ? [] : [headlessTwin(service)]),
    // Whoever is told a URL has a library that makes a target of it, in a way of its own.
    ...(/^(dns|passthrough)?$/.test(mention.scheme) ? [retargeted(call, target, policy)] : []),
    ...connectionAges(model, service),
  ]
  return { target, patch }
}
