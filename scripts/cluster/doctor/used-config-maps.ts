import type { Content } from '../../lib/manifests/manifest.ts'
import { listOf } from '../../lib/manifests/workload.ts'
import { configMaps } from './kinds.ts'
import type { Reader } from './reader.ts'

/** Reads no more: nobody waits for thousands. Those of the Service's own namespace come first. */
const mostRead = 300

/** At a time. */
const together = 30

/** The ConfigMaps that workloads are given: what they call may be told there. */
export async function usedConfigMaps(
  reader: Reader,
  workloads: readonly Content[],
  pods: readonly Content[],
  namespace: string,
): Promise<Content[]> {
  const names = [...workloads, ...pods].flatMap((object) =>
    usedBy(podSpecOf(object)).map((name) => `${object.metadata.namespace}/${name}`),
  )
  const wanted = [...new Set(names)]
    .toSorted((one, other) => Number(other.startsWith(`${namespace}/`)) - Number(one.startsWith(`${namespace}/`)))
    .slice(0, mostRead)
  const found: Content[] = []
  const refused = new Set<string>()
  for (let i = 0; i < wanted.length; i += together) {
    const read = wanted.slice(i, i + together).map(async (key) => {
      const [home = '', name = ''] = key.split('/')
      if (refused.has(home)) return undefined
      const map = await reader.get(configMaps, home, name)
      if (reader.denied.some((each) => each.resource === configMaps.resource && each.namespace === home))
        refused.add(home)
      return map && { apiVersion: 'v1', kind: 'ConfigMap', ...map }
    })
    found.push(...(await Promise.all(read)).filter((map) => map !== undefined))
  }
  return found
}

const podSpecOf = ({ kind, spec }: Content): Content =>
  kind === 'Pod' ? spec : kind === 'CronJob' ? spec?.jobTemplate?.spec?.template?.spec : spec?.template?.spec

function usedBy(podSpec: Content): string[] {
  const containers = [...listOf(podSpec?.containers), ...listOf(podSpec?.initContainers)]
  const names: unknown[] = [
    ...containers.flatMap(({ env, envFrom }) => [
      ...listOf(env).map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      ...listOf(envFrom).map(({ configMapRef }) => configMapRef?.name),
    ]),
    ...listOf(podSpec?.volumes).flatMap(({ configMap, projected }) => [
      configMap?.name,
      ...listOf(projected?.sources).map((source) => source.configMap?.name),
    ]),
  ]
  return names.filter((name) => typeof name === 'string').filter((name) => !everywhere.has(name))
}

/** Certificates that are in every pod. */
const everywhere = new Set(['kube-root-ca.crt', 'istio-ca-root-cert', 'linkerd-identity-trust-roots'])
