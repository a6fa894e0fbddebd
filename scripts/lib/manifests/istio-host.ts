import { nearest } from '../check/nearest.ts'
import type { Model } from './model.ts'
import type { Service } from './service.ts'

/**
 * The Service that Istio takes a host of its rules for: a name without a dot is one of the rule's own namespace, one with a dot has to
 * be full. `orders.shop` and `orders.shop.svc` are nobody, though DNS knows them.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule
 */
export const istioService = (model: Model, host: unknown, namespace: string): Service | undefined =>
  typeof host === 'string' && (!host.includes('.') || /\.svc\../.test(host))
    ? model.serviceNamed(host, namespace)
    : undefined

/** A host that is nobody's, as far as manifests can tell. */
export interface Stray {
  readonly host: string
  /** The Service that was most likely meant; undefined when nothing is near. */
  readonly meant: Service | undefined
  /** Whether it is `orders.shop`, which Istio takes for a full name. */
  readonly isHalf: boolean
  /** Some of the Services that there are in its namespace: `orders, stock, users, …`. */
  readonly others: string
}

/**
 * Set when a host names no Service although there are Services of its namespace among the manifests. Wildcards, hosts outside the
 * cluster and those of a ServiceEntry are none of it.
 */
export function strayIn(model: Model, host: unknown, namespace: string): Stray | undefined {
  if (typeof host !== 'string' || host.includes('*') || istioService(model, host, namespace)) return undefined
  const [name = '', where = namespace, svc, ...domain] = host.split('.')
  const isHalf = host.includes('.') && (svc === undefined || (svc === 'svc' && domain.length === 0))
  if (host.includes('.') && !isHalf && svc !== 'svc') return undefined
  const others = model.services.filter((each) => each.namespace === where)
  if (others.length === 0 || isDefined(model, host, name, where)) return undefined
  const named = others.find((each) => each.name === name)
  const names = others.map((each) => each.name).filter((each) => !isAnotherVersion(each, name))
  const near = nearest(name, names)
  return { host, meant: named ?? others.find((each) => each.name === near), isHalf, others: someOf(others, name) }
}

/** Three at most, those first that share a word with a name. */
function someOf(services: readonly Service[], name: string): string {
  const words = name.split('-')
  const shared = (service: Service) => service.name.split('-').filter((word) => words.includes(word)).length
  const names = services.toSorted((one, other) => shared(other) - shared(one)).map((each) => each.name)
  return [...names.slice(0, 3), ...(names.length > 3 ? ['…'] : [])].join(', ')
}

/** By a ServiceEntry, or by a Service that has nobody behind it. */
const isDefined = (model: Model, host: string, name: string, namespace: string): boolean =>
  model.ofKind('ServiceEntry').some(({ content }) => [content.spec?.hosts].flat().some((each) => covers(each, host))) ||
  model
    .ofKind('Service')
    .some(
      ({ metadata, content }) =>
        content.spec?.type === 'ExternalName' && metadata.name === name && metadata.namespace === namespace,
    )

const covers = (pattern: unknown, host: string): boolean =>
  typeof pattern === 'string' && (pattern === host || (pattern.startsWith('*') && host.endsWith(pattern.slice(1))))

/** `orders-v2` is no slip of `orders-v1`. */
const isAnotherVersion = (one: string, other: string): boolean => withoutDigits(one) === withoutDigits(other)

const withoutDigits = (name: string): string => name.replace(/\d+/g, '')
