import type { Api } from './api-server.ts'
import { crashingContainer, type LivePod } from './live-pod.ts'
import type { Reader } from './reader.ts'

/** Pods whose logs are read: they mostly crash alike. */
const mostRead = 3

/** What pods that crash printed last before they did, by name. */
export async function lastWordsOf(api: Api, reader: Reader, pods: readonly LivePod[]): Promise<Map<string, string>> {
  const crashing = pods.filter((pod) => crashingContainer(pod) !== undefined).slice(0, mostRead)
  const said = crashing.map(async (pod) => {
    const query = `container=${crashingContainer(pod)}&previous=true&tailLines=1&limitBytes=500`
    const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log?${query}`
    const { status, text } = await api.get(path)
    if (status === 403) reader.deny('get', { group: '', resource: 'pods/log' }, pod.namespace)
    return [pod.name, status === 200 ? (text.trim().split('\n').at(-1) ?? '') : ''] as const
  })
  return new Map(await Promise.all(said))
}
