import type { Manifest, Path } from './manifest.ts'
import { type Container, listOf, type Workload } from './workload.ts'

/** A host that stands where a program reads it: its arguments, its environment, or a ConfigMap that it is given. */
export interface Mention {
  /** As it was written: `dns:///orders:8080`. */
  readonly target: string
  /** `dns`, `xds`, `k8s`, `http`, …; empty when it says none. */
  readonly scheme: string
  readonly host: string
  readonly port: number | undefined
  /** The object it stands in, the workload's or a ConfigMap, and where. */
  readonly object: Manifest
  readonly path: Path
}

/** A text that a program reads, and where it stands. */
export interface Setting {
  readonly text: string
  readonly object: Manifest
  readonly path: Path
}

/**
 * All texts that a container's program is started with: command, arguments, environment, and the ConfigMaps that either of
 * these or a volume names. Secrets are not looked into.
 */
export function settingsOf(
  container: Container,
  { manifest, podSpec }: Workload,
  configMap: (name: string) => Manifest | undefined,
): Setting[] {
  const { command, args, env, envFrom, volumeMounts } = container.content
  const own = (text: unknown, ...path: Path): Setting => ({
    text: String(text ?? ''),
    object: manifest,
    path: [...container.path, ...path],
  })
  const words = (list: unknown, key: string) => (Array.isArray(list) ? list.map((word, i) => own(word, key, i)) : [])
  const mounted = listOf(volumeMounts).map(({ name }) => name)
  const volumes = listOf(podSpec.volumes).filter(({ name }) => mounted.includes(name))
  const maps = [
    ...listOf(envFrom).map((source) => source.configMapRef?.name),
    ...volumes.flatMap(({ configMap, projected }) => [
      configMap?.name,
      ...listOf(projected?.sources).map((source) => source.configMap?.name),
    ]),
  ]
  return [
    ...words(command, 'command'),
    ...words(args, 'args'),
    ...listOf(env).flatMap(({ value, valueFrom }, i) => {
      const { name, key } = valueFrom?.configMapKeyRef ?? {}
      return name === undefined ? [own(value, 'env', i, 'value')] : dataOf(configMap(name), key)
    }),
    ...[...new Set(maps)].flatMap((name) => (typeof name === 'string' ? dataOf(configMap(name)) : [])),
  ]
}

/** The hosts in a text that may be Services: with a port or a scheme, or all of the text. */
export function mentionsIn({ text, object, path }: Setting): Mention[] {
  const mentions: Mention[] = []
  for (const { 0: target, groups = {} } of text.matchAll(hosts)) {
    const { scheme = '', host = '', port } = groups
    if (scheme === '' && port === undefined && target !== text.trim()) continue
    mentions.push({ target, scheme: scheme.toLowerCase(), host, port: port ? Number(port) : undefined, object, path })
  }
  return mentions
}

/** Whether it is but a word that is the name of a Service, and so perhaps the name of something else. */
export const isBareWord = ({ scheme, host, port }: Mention): boolean =>
  scheme === '' && port === undefined && !host.includes('.')

/** A DNS authority, as in dns://8.8.8.8/name, is passed over. */
const hosts =
  /(?<![\w.-])(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:\/|(?<=(?:dns|xds):\/\/)[\w.:-]+\/)?)?(?<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\.?(?::(?<port>\d{1,5}))?(?![\w-])/gi

function dataOf(map: Manifest | undefined, key?: string): Setting[] {
  const entries = Object.entries(map?.content.data ?? {}).filter(([name]) => key === undefined || name === key)
  return map ? entries.map(([name, text]) => ({ text: String(text), object: map, path: ['data', name] })) : []
}
