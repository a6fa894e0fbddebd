import { nearest } from '../../lib/check/nearest.ts'
import { type EvenlyError, unavailable, usageError } from '../../lib/exit.ts'
import type { Content } from '../../lib/manifests/manifest.ts'
import { services } from './kinds.ts'
import type { Reader } from './reader.ts'
import { rolesFor } from './roles.ts'

/**
 * The Service of a name.
 *
 * @throws EvenlyError (69) when it is not there, with the nearest name, or may not be read; 64 when it leads to no pods at all
 */
export async function findService(reader: Reader, namespace: string, name: string): Promise<Content> {
  const service = await reader.get(services, namespace, name)
  if (service === undefined) throw await whyNot(reader, namespace, name)
  if (service.spec?.type === 'ExternalName') {
    throw usageError(
      `Service ${namespace}/${name} is another name of ${service.spec.externalName}, so no pod is behind it: look at what that leads to`,
    )
  }
  return { apiVersion: 'v1', kind: 'Service', ...service }
}

async function whyNot(reader: Reader, namespace: string, name: string): Promise<EvenlyError> {
  if (reader.denied.length > 0) return mayNot('get', 'services', namespace, reader)
  const here = (await reader.listIn(services, namespace))?.map(({ metadata }) => metadata.name as string) ?? []
  const none = `there is no Service ${name} in namespace ${namespace}`
  const near = nearest(name, here) ?? here.find((each) => each.includes(name) || name.includes(each))
  if (near !== undefined) return unavailable(`${none}: did you mean ${near}?`)
  const elsewhere = (await reader.listIn(services, undefined)) ?? []
  const homes = elsewhere.filter(({ metadata }) => metadata.name === name).map(({ metadata }) => metadata.namespace)
  if (homes.length > 0)
    return unavailable(`${none}, but there is one in ${homes.slice(0, 5).join(' and ')}: say -n ${homes[0]}`)
  if (here.length > 0)
    return unavailable(`${none}: it has ${here.toSorted().slice(0, 10).join(', ')}${here.length > 10 ? ', ...' : ''}`)
  return unavailable(`${none}, which has no Service at all: name another with -n`)
}

/** That a right is missing without which there is nothing to tell, and the Role to ask for. */
export function mayNot(
  verb: 'get' | 'list',
  resource: string,
  namespace: string,
  { denied }: Pick<Reader, 'denied'>,
): EvenlyError {
  return unavailable(
    `you may not ${verb} ${resource} in namespace ${namespace}, without which there is nothing to tell: ask whoever runs the cluster for this Role, or for all of evenly doctor --print-role -n ${namespace}:\n${rolesFor(denied)}`,
  )
}
