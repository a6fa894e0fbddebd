/** A port of a Service, as clients name it. */
export interface ServiceTarget {
  readonly service: string
  readonly namespace: string
  /** A port's name, or its number as digits. */
  readonly port: string
}

/**
 * Reads `service.namespace:port`, or `service:port` where the namespace is known.
 * @param ownNamespace the one of a service that names none.
 * @throws Error of one sentence
 */
export function parseServiceTarget(text: string, ownNamespace?: string): ServiceTarget {
  const [, service = '', named, port = ''] = /^([^.:]*)(?:\.([^:]*))?(?::(.*))?$/s.exec(text) ?? []
  const namespace = named ?? ownNamespace
  const problem = whyRefused(service, namespace, port)
  if (problem || namespace === undefined) {
    throw new Error(`${JSON.stringify(text)} names no port of a Service: ${problem}, such as orders.shop:8080`)
  }
  return { service, namespace, port }
}

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

function whyRefused(service: string, namespace: string | undefined, port: string): string | undefined {
  if (!label.test(service)) return "it must begin with the Service's name in lower case"
  if (namespace === undefined) return 'outside a cluster it must say the namespace'
  if (!label.test(namespace))
    return 'the namespace must follow the name after one dot, and nothing after it but the port'
  if (port === '') return 'it must end with a colon and the name or number of a port'
  if (/^\d+$/.test(port)) {
    return Number(port) >= 1 && Number(port) <= 65_535 ? undefined : 'the number of a port is from 1 to 65535'
  }
  return label.test(port) ? undefined : 'the port must be a number, or a name in lower case'
}
