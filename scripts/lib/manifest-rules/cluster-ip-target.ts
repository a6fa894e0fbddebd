import type { Call } from '../manifests/calls.ts'
import type { Model } from '../manifests/model.ts'
import type { Service } from '../manifests/service.ts'
import { rewritten } from './patches.ts'

/** What a client of a headless Service is to call in its place, so that a sidecar balances, and the patches that get it there. */
export function clusterIpTarget(model: Model, call: Call): { target: string; patch: object[] } {
  const { service, port, mention } = call
  const twin = model
    .twinsOf(service)
    .find(({ isHeadless, ports }) => !isHeadless && ports.some(({ number }) => number === port.number))
  const name = twin?.name ?? freeName(model, service)
  const host = mention.host.replace(/^[^.]*/, name)
  const target = mention.target.replace(mention.host, host)
  return {
    target,
    patch: [
      ...(twin ? [] : [clusterIpTwin(service, name)]),
      rewritten(call, mention, (text) => text.replace(mention.target, target)),
    ],
  }
}

/** `orders` for `orders-headless`, unless that is somebody else's. */
function freeName(model: Model, { name, namespace }: Service): string {
  const short = name.replace(/-headless$/, '')
  return model.serviceNamed(short, namespace) === undefined ? short : `${name}-cluster-ip`
}

/** A second Service of the same pods that has an address of its own. */
function clusterIpTwin({ manifest }: Service, name: string): object {
  const { metadata, spec } = manifest.content
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      ...(metadata.labels && { labels: metadata.labels }),
    },
    spec: { selector: spec.selector, ports: spec.ports },
  }
}
