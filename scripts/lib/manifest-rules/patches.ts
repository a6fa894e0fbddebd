import { applyPatches } from '../manifests/apply-patches.ts'
import type { Call } from '../manifests/calls.ts'
import type { Content, Manifest } from '../manifests/manifest.ts'
import type { Setting } from '../manifests/mentions.ts'
import { podPort } from '../manifests/pod-port.ts'
import type { Service, ServicePort } from '../manifests/service.ts'
import type { Container, Workload } from '../manifests/workload.ts'
import { argsOf, isEcho, withOption } from './echo-options.ts'

/** A strategic merge patch of an object. */
export const objectPatch = ({ apiVersion, kind, metadata, content }: Manifest, fields: object): object => ({
  apiVersion,
  kind,
  metadata: { name: metadata.name, ...(content.metadata?.namespace && { namespace: metadata.namespace }) },
  ...fields,
})

/** A patch of a workload's pods: fields of their template. For a Pod these are its own. */
export function podPatch({ manifest, templatePath }: Workload, fields: { metadata?: object; spec?: object }): object {
  const nested = templatePath.reduceRight<object>((inner, key) => ({ [key]: inner }), fields)
  const patch = objectPatch(manifest, nested) as { metadata: object }
  return templatePath.length === 0 ? { ...patch, metadata: { ...patch.metadata, ...fields.metadata } } : patch
}

/**
 * A patch of one port of a Service. Kustomize passes a patch of a port over, without a word, when one of the two says a
 * protocol and the other does not.
 */
export function portPatch({ manifest }: Service, { number, path }: ServicePort, fields: object): object {
  const protocol: unknown = manifest.content.spec.ports[Number(path.at(-1))]?.protocol
  const port = { port: number, ...(protocol !== undefined && { protocol }), ...fields }
  return objectPatch(manifest, { spec: { ports: [port] } })
}

/** A patch of one container of a workload. */
export function containerPatch(workload: Workload, { name, path }: Container, fields: object): object {
  const list = String(path.at(-2))
  const change = { [list]: [{ name, ...fields }] }
  // A list of a custom resource is not merged but replaced, so it is given whole.
  return podPatch(workload, { spec: workload.manifest.kind === 'Rollout' ? wholeLists(workload, change) : change })
}

/** Lists of a pod's spec as they are once a patch has been laid over them, as over a Deployment's. */
function wholeLists({ podSpec }: Workload, change: Readonly<Record<string, object>>): object {
  const deployment = (spec: object): Content => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { template: { spec } },
  })
  const [{ spec }] = applyPatches([deployment(podSpec)], [deployment(change)]) as [Content]
  return Object.fromEntries(Object.keys(change).map((list) => [list, spec.template.spec[list]]))
}

/**
 * A second Service of the same pods that gives their addresses in place of one of its own: `NAME-headless`. Nothing translates
 * ports on the way to an address of a pod, so it has the numbers that the pods listen at.
 */
export function headlessTwin(service: Service): object {
  const { manifest, name } = service
  const { metadata, spec } = manifest.content
  const ports = (spec.ports ?? []).map(({ nodePort: _, targetPort, ...port }: Content) => ({
    ...port,
    port: podPort(service, { targetPort: targetPort ?? port.port }) ?? port.port,
    ...(targetPort !== undefined && { targetPort }),
  }))
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${name}-headless`,
      ...(metadata.namespace && { namespace: metadata.namespace }),
      ...(metadata.labels && { labels: metadata.labels }),
    },
    spec: { clusterIP: 'None', selector: spec.selector, ports },
  }
}

/**
 * Has a client call another target: the place where it is told so is changed. A client that is our own echo program is told the
 * policy as well; others have it in their service config, which is code.
 */
export function retargeted(call: Call, target: string, policy: string): object {
  const { client, container, mention } = call
  const patch = rewritten(call, mention, (text) => text.replace(mention.target, target))
  if (!isEcho(container) || mention.path.at(-2) !== 'args') return patch
  const args = argsOf(container).map((word, i) =>
    i === mention.path.at(-1) ? word.replace(mention.target, target) : word,
  )
  return containerPatch(client, container, { args: withOption(args, 'lb-policy', policy) })
}

/** A patch of one text that a client reads, which is in its arguments, its environment or a ConfigMap. */
export function rewritten(
  { client, container }: Pick<Call, 'client' | 'container'>,
  { object, path }: Pick<Setting, 'object' | 'path'>,
  replace: (text: string) => string,
): object {
  if (object !== client.manifest) {
    const key = String(path.at(-1))
    return objectPatch(object, { data: { [key]: replace(String(object.content.data?.[key])) } })
  }
  const [field = '', at] = path.slice(container.path.length)
  if (field === 'env') {
    const { name, value } = container.content.env[Number(at)]
    return containerPatch(client, container, { env: [{ name, value: replace(String(value)) }] })
  }
  const words: unknown[] = container.content[field]
  return containerPatch(client, container, {
    [field]: words.map((word, i) => (i === at ? replace(String(word)) : word)),
  })
}
