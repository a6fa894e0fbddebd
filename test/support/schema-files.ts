import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { type CustomResourceDefinition, type KindName, type KindSchema, schemasOf } from './custom-resource.ts'
import { goModule } from './go-module.ts'
import { grafanaDashboards } from './grafana-dashboards.ts'
import { linkerdPolicies } from './linkerd-policies.ts'
import * as sources from './schema-sources.ts'
import { type Definitions, type Schema, standalone } from './strict-schema.ts'

export const customFolder = 'custom'
export const kubernetesFolder = (minor: sources.KubernetesMinor): string => `kubernetes-1.${minor}`

/** Writes a strict schema of every kind, for each Kubernetes, named as kubeconform looks for it. */
export async function writeSchemaFiles(folder: string): Promise<void> {
  const [builtIn, custom] = await Promise.all([
    Promise.all(sources.kubernetesMinors.map(async (minor) => [minor, await definitionsOf(minor)] as const)),
    Promise.all(sources.custom.map(customSchemas)),
  ])
  for (const [minor, definitions] of builtIn) {
    await write(join(folder, kubernetesFolder(minor)), definitions, kubernetesSchemas(definitions))
  }
  const linkerd = linkerdPolicies().flatMap((policy) => schemasOf(policy, ['v1alpha1', 'v1beta3']))
  const newest = builtIn.at(-1)?.[1] ?? {}
  const grafana = schemasOf(grafanaDashboards(), ['v1beta1'])
  await write(join(folder, customFolder), newest, [...custom.flat(), ...linkerd, ...grafana])
}

async function definitionsOf(minor: sources.KubernetesMinor): Promise<Definitions> {
  const path = join(await goModule(sources.kubernetes[minor]), sources.swagger)
  return JSON.parse(await readFile(path, 'utf8')).definitions
}

function kubernetesSchemas(definitions: Definitions): KindSchema[] {
  const known = new Map<string, Schema>()
  for (const schema of Object.values(definitions)) {
    const names = (schema['x-kubernetes-group-version-kind'] ?? []) as KindName[]
    for (const name of names) known.set(fileOf(name), schema)
  }
  return sources.kubernetesKinds.map((name) => {
    const schema = known.get(fileOf(name))
    if (schema === undefined) throw new Error(`Kubernetes does not define ${name.kind} in ${fileOf(name)}`)
    return [name, schema]
  })
}

async function customSchemas(source: sources.CustomSource): Promise<KindSchema[]> {
  const folder = await goModule(source)
  const texts = await Promise.all(source.files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()))
    .filter((document): document is CustomResourceDefinition => document?.kind === 'CustomResourceDefinition')
    .filter(({ spec }) => source.kinds?.includes(spec.names.kind) ?? true)
    .flatMap((definition) => schemasOf(definition, [source.apiVersion]))
}

async function write(folder: string, definitions: Definitions, schemas: readonly KindSchema[]): Promise<void> {
  for (const [name, schema] of schemas) {
    const path = join(folder, fileOf(name))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, JSON.stringify(standalone(schema, definitions)))
  }
}

/** To kubeconform the group of the kinds that have none is their version. */
const fileOf = ({ group, version, kind }: KindName): string =>
  `${group || version}/${kind.toLowerCase()}_${version}.json`
