import type { Manifest } from './manifest.ts'
import { type Mention, mentionsIn, type Setting, settingsOf } from './mentions.ts'
import { podPort } from './pod-port.ts'
import type { Service, ServicePort } from './service.ts'
import type { Container, Workload } from './workload.ts'

/** A workload that is told to call a port of a Service. */
export interface Call {
  readonly client: Workload
  readonly container: Container
  readonly service: Service
  readonly port: ServicePort
  /** Where the client is told so. */
  readonly mention: Mention
  /** The policy that the client is told to balance by, `round_robin`; undefined when it is told none, which is pick_first. */
  readonly policy: string | undefined
}

/** What a model can tell of Services and ConfigMaps. */
export interface Directory {
  serviceNamed(host: string, namespace: string): Service | undefined
  configMap(name: string, namespace: string): Manifest | undefined
}

/** Every port of a Service that a workload is told of; whether it speaks gRPC is for others to say. */
export function callsOf(client: Workload, directory: Directory): Call[] {
  return client.containers.filter(calls).flatMap((container) => {
    const settings = settingsOf(container, client, (name) => directory.configMap(name, client.namespace))
    const mentions = settings.flatMap(mentionsIn)
    const seen = new Set<string>()
    return mentions.flatMap((mention) => {
      const service = directory.serviceNamed(mention.host, client.namespace)
      if (service === undefined || service.workloads.includes(client)) return []
      const port = portOf(service, mention.port)
      if (port === undefined) return []
      const key = `${service.host} ${port.number} ${mention.scheme}`
      if (seen.has(key)) return []
      seen.add(key)
      return [{ client, container, service, port, mention, policy: policyIn(settings) }]
    })
  })
}

/** A control plane reads names too, and tells others to call them. */
const calls = ({ content: { args } }: Container): boolean => !(Array.isArray(args) && args.includes('--lookaside'))

/** Whether a text of a container asks for connections to end after a while, whatever the option is called. */
export const limitsConnectionAge = (settings: readonly Setting[]): boolean =>
  settings.some(({ text, object, path }) => maxAge.test(text) || maxAge.test(nameOfVariable(object, path)))

const maxAge = /max[-_. ]?(connection|conn)[-_. ]?age/i

function nameOfVariable({ content }: Manifest, path: readonly (string | number)[]): string {
  if (path.at(-1) !== 'value') return String(path.at(-1))
  return String(path.slice(0, -1).reduce((at, key) => at?.[key], content)?.name ?? '')
}

/** Clients of a headless Service call the pods, and so the ports of those. */
function portOf(service: Service, number: number | undefined): ServicePort | undefined {
  const { ports, isHeadless } = service
  if (number === undefined) return ports.length === 1 ? ports[0] : undefined
  const own = ports.find((port) => port.number === number)
  return own ?? (isHeadless ? ports.find((port) => podPort(service, port) === number) : undefined)
}

/** The policy that a client's settings name; one that balances, if there are several. */
function policyIn(settings: readonly Setting[]): string | undefined {
  const named = settings.flatMap(({ text }) => [...text.matchAll(policies)].map(([name]) => name.toLowerCase()))
  return named.find((name) => name !== 'pick_first') ?? named[0]
}

const policies = /\b(pick_first|(weighted_)?round_robin|least_request(_experimental)?|ring_hash(_experimental)?)\b/gi
