import { isIPv4, isIPv6 } from 'node:net'
import { experimental } from '@grpc/grpc-js'
import { Ajv, type ErrorObject } from 'ajv'
import { parse } from 'yaml'
import { describeError } from '../../../../../scripts/lib/check/describe-error.ts'
import { type Path, pathText } from '../../../../../scripts/lib/check/place.ts'
import { badInput } from '../../../../../scripts/lib/exit.ts'
import { parseServiceTarget } from '../../balancing/endpoint-slices/service-target.ts'
import { registerPolicies } from '../../balancing/register-policies.ts'
import type { ZoneRules } from '../resources/load-assignment.ts'
import type { Given, GivenDiscovery, GivenService, GivenZones } from './given-config.ts'
import type { Backend, Discovery, Policy, Served, ServedService } from './lookaside-config.ts'
import { lookasideSchema } from './lookaside-schema.ts'

/** The annotation that has a Service served, unless another is named. */
export const defaultAnnotation = 'evenly-grpc.github.io/lookaside'

const accepts = new Ajv({ verbose: true }).compile<Given>(lookasideSchema)

/**
 * Reads what `--lookaside-config` says, in YAML or JSON.
 * @param file what the text is called in errors
 * @throws EvenlyError (exit 65) whose one sentence says where the mistake is, what it is and what to do
 */
export function readLookasideConfig(content: string, file: string): Served {
  const given: unknown = parsed(content, file)
  if (!accepts(given)) throw refusal(file, accepts.errors?.[0])
  const { services, discover } = given
  if (services === undefined && discover === undefined) {
    throw badInput(`${file}: it says of no Service that it is served: add services or discover`)
  }
  const { debounceMilliseconds = 10, maximumDebounceMilliseconds = Math.max(100, debounceMilliseconds) } = given
  if (debounceMilliseconds > maximumDebounceMilliseconds) {
    throw badInput(
      `${file}: maximumDebounceMilliseconds: ${maximumDebounceMilliseconds} is less than debounceMilliseconds, ${debounceMilliseconds}: give at least that`,
    )
  }
  const read: Served = {
    services: Object.entries(services ?? {}).map(([name, one]) => servedService(name, one ?? {}, file)),
    discover: discover && discovery(discover, file),
    debounceMilliseconds,
    maximumDebounceMilliseconds,
  }
  refuseTwice(read.services, file)
  return read
}

function parsed(content: string, file: string): unknown {
  try {
    return parse(content) ?? {}
  } catch (error) {
    const [reason] = (error as Error).message.split('\n')
    throw badInput(`${file}: this is no YAML (${reason?.replace(/:$/, '')}): correct it`)
  }
}

function refusal(file: string, error: ErrorObject | undefined): Error {
  if (error === undefined) return badInput(`${file}: the schema refuses it`)
  const { key, reason, fix } = describeError(error)
  const path = error.instancePath.split('/').slice(1).map(decoded)
  return badInput(placed(file, key === undefined ? path : [...path, key], `${reason}: ${fix}`))
}

const decoded = (step: string) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~'))

const placed = (file: string, path: Path, sentence: string): string =>
  path.length === 0 ? `${file}: ${sentence}` : `${file}: ${pathText(path)}: ${sentence}`

function servedService(name: string, given: GivenService, file: string): ServedService {
  const at = (...path: (string | number)[]) => ['services', name, ...path]
  const refuse = (path: Path, sentence: string) => badInput(placed(file, path, sentence))
  const target = (path: Path, text: string): Backend => {
    try {
      return { name: text, ...parseServiceTarget(text) }
    } catch (error) {
      throw refuse(path, (error as Error).message)
    }
  }
  if (!/^[\w.-]+(:\d{1,5})?$/.test(name)) {
    throw refuse(at(), 'clients cannot dial this: write a name and the number of a port, such as orders.shop:8080')
  }
  const backends = given.backends?.map(({ service, weight = 1 }, i) => ({
    ...target(at('backends', i, 'service'), service),
    weight,
  }))
  if (backends?.every(({ weight }) => weight === 0))
    throw refuse(at('backends'), 'all weights are 0: give one of them more')
  const listener = given.envoyListener
  if (listener !== undefined && !isSocketAddress(listener)) {
    throw refuse(at('envoyListener'), `${JSON.stringify(listener)} is no address: write 127.0.0.1:10000, say`)
  }
  return {
    name,
    policy: policyOf(given.policy, at('policy'), file),
    backends: backends ?? [{ ...target(at(), name), weight: 1 }],
    failover: (given.failover ?? []).map((text, i) => target(at('failover', i), text)),
    ...zoneRules(given, at(), file),
    envoyListener: listener,
  }
}

function isSocketAddress(text: string): boolean {
  const [, v4, v6, port] = /^(?:([\d.]+)|\[([\da-f:.]+)\]):(\d{1,5})$/i.exec(text) ?? []
  return (isIPv4(v4 ?? '') || isIPv6(v6 ?? '')) && Number(port) <= 65_535
}

function discovery(given: GivenDiscovery, file: string): Discovery {
  const { namespaces, labelSelector, annotation = defaultAnnotation } = given
  if (namespaces.length > 1 && namespaces.includes('*')) {
    throw badInput(placed(file, ['discover', 'namespaces'], '* is all namespaces: name it alone'))
  }
  const policy = policyOf(given.policy, ['discover', 'policy'], file)
  return { namespaces, labelSelector, annotation, policy, ...zoneRules(given, ['discover'], file) }
}

function policyOf(given: object | undefined, path: Path, file: string): Policy {
  const [entry] = Object.entries(given ?? { round_robin: {} })
  const [name, settings] = entry as [Policy['name'], Policy['settings']]
  registerPolicies()
  try {
    // Clients would take settings that they cannot read for no reason to stop.
    experimental.parseLoadBalancingConfig({ [name]: settings })
  } catch (error) {
    throw badInput(placed(file, path, `${(error as Error).message}: correct it`))
  }
  return { name, settings }
}

function zoneRules(given: GivenZones, path: Path, file: string): ZoneRules {
  const { localities = 'none', zoneWeights = {} } = given
  if (localities !== 'weighted' && given.zoneWeights !== undefined) {
    throw badInput(
      placed(file, [...path, 'zoneWeights'], 'they are for localities: weighted alone: write that, or remove them'),
    )
  }
  if (localities === 'weighted' && given.zoneWeights === undefined) {
    throw badInput(placed(file, [...path, 'localities'], 'weighted goes by zoneWeights, which are not there: add them'))
  }
  return { localities, zoneWeights }
}

/** Two services cannot have one address in an Envoy. */
function refuseTwice(services: readonly ServedService[], file: string): void {
  const seen = new Map<string, string>()
  for (const { name, envoyListener } of services) {
    if (envoyListener === undefined) continue
    const other = seen.get(envoyListener)
    if (other !== undefined) {
      throw badInput(
        placed(file, ['services', name, 'envoyListener'], `${other} listens there too: choose another port`),
      )
    }
    seen.set(envoyListener, name)
  }
}
