import { experimental, type ServiceConfig } from '@grpc/grpc-js'

/**
 * Policies that a service config may name, where this process has them. Those of grpc-js-xds are for what a control plane sends:
 * ring_hash, say, ends the process where it stands in a service config.
 */
const policyNames = [
  'pick_first',
  'round_robin',
  'least_request',
  'evenly_weighted_round_robin',
  'weighted_round_robin',
  'ring_hash_experimental',
  'outlier_detection',
]

/** A policy's name, with its settings. */
type Entry = ServiceConfig['loadBalancingConfig'][number]

/**
 * Why grpc-js would fall back to pick_first, or to a later policy of a list, without a word; undefined when it obeys. Policies
 * inside the settings of others are looked at as well. As gRPC has it (gRFC A24), a list may name policies that the client does not
 * know, and the first one it knows is used; but its settings must be right, and so must those of the ones after it.
 * @param path where the list stands, such as `loadBalancingConfig`.
 */
export function whyListRefused(entries: readonly unknown[], path: string): string | undefined {
  for (const [index, entry] of entries.entries()) {
    const problem = whyEntryRefused(entry, `${path}[${index}]`)
    if (problem) return problem
  }
  if (usedEntry(entries) !== undefined) return undefined
  const missing = entries.flatMap((entry) => (isObject(entry) ? Object.keys(entry) : [])).find(isOurs)
  const why = missing === undefined ? unknownPolicy() : `${missing} is not registered: call registerPolicies() first.`
  return `${path} ${JSON.stringify(entries)}: ${why}`
}

/** The first entry of a list that this client knows. */
export function usedEntry(entries: readonly unknown[]): Entry | undefined {
  return entries.find((entry): entry is Entry => isObject(entry) && isKnown(Object.keys(entry)[0]))
}

/** Why a policy cannot be named without settings; undefined when it can. */
export function whyNameRefused(name: string): string | undefined {
  return isKnown(name) ? whySettingsRefused({ [name]: {} } as Entry) : unknownPolicy((known) => !needsSettings(known))
}

function whyEntryRefused(entry: unknown, path: string): string | undefined {
  if (!isObject(entry))
    return `${path} ${JSON.stringify(entry)} is no balancing policy entry such as {"round_robin":{}}.`
  const [name = '', ...others] = Object.keys(entry)
  if (others.length > 0) {
    return `${path} names ${[name, ...others].join(' and ')}: an entry has one policy, grpc-js cannot read it.`
  }
  if (!isKnown(name)) return whyForeign(name, path)
  const problem = whyInnerRefused(entry[name], `${path}.${name}`) ?? whySettingsRefused(entry as Entry)
  return problem && (problem.startsWith(path) ? problem : `${path} ${JSON.stringify(entry)}: ${problem}`)
}

/** grpc-js would use such a policy, if it is registered, rather than pass over it. */
function whyForeign(name: string, path: string): string | undefined {
  if (!experimental.isLoadBalancerNameRegistered(name)) return undefined
  return `${path} ${name} is not for a service config: choose ${policyNames.filter(isKnown).join(', ')}.`
}

/** Looks through settings for lists of policies, whatever they are called. */
function whyInnerRefused(settings: unknown, path: string): string | undefined {
  if (Array.isArray(settings)) return isPolicyList(settings) ? whyListRefused(settings, path) : undefined
  if (!isObject(settings)) return undefined
  for (const [key, value] of Object.entries(settings)) {
    const problem = whyInnerRefused(value, `${path}.${key}`)
    if (problem) return problem
  }
  return undefined
}

function isPolicyList(list: readonly unknown[]): boolean {
  return list.some((entry) => isObject(entry) && Object.keys(entry).some(isKnown))
}

function whySettingsRefused(entry: Entry): string | undefined {
  try {
    experimental.parseLoadBalancingConfig(entry)
    return undefined
  } catch (error) {
    return `grpc-js cannot read the policy's settings and would silently use pick_first (${(error as Error).message}).`
  }
}

function unknownPolicy(offered: (name: string) => boolean = () => true): string {
  const known = policyNames.filter((name) => isKnown(name) && offered(name))
  return `grpc-js does not know the policy and would silently use pick_first: choose ${known.join(', ')}.`
}

/** Whether the package has it, once it is registered. */
const isOurs = (name: string): boolean =>
  ['least_request', 'evenly_weighted_round_robin', 'ring_hash_experimental'].includes(name)

const needsSettings = (name: string): boolean => whySettingsRefused({ [name]: {} } as Entry) !== undefined

/** By the list too: grpc-js takes names that every object inherits, such as constructor, for registered ones. */
function isKnown(name: string | undefined): boolean {
  return name !== undefined && policyNames.includes(name) && experimental.isLoadBalancerNameRegistered(name)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
