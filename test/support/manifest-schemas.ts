import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EvenlyError } from '../../scripts/lib/exit.ts'
import { makeOnce } from '../../scripts/lib/program-file.ts'
import { cacheFolder } from '../../scripts/lib/tools.ts'
import { runTool } from '../chart/helm.ts'
import { customFolder, kubernetesFolder, writeSchemaFiles } from './schema-files.ts'
import type { KubernetesMinor } from './schema-sources.ts'

let schemas: Promise<{ folder: string }> | undefined

/** The folder with a strict schema of every kind that charts may render. It is written once, from pinned Go modules. */
export function manifestSchemas(): Promise<{ folder: string }> {
  schemas ??= obtain()
  return schemas
}

/** What is wrong with manifests on Kubernetes 1.MINOR, a sentence each; a kind without a schema is wrong as well. */
export async function kubeconform(manifests: string, kubernetesMinor: KubernetesMinor): Promise<string[]> {
  const { folder } = await manifestSchemas()
  const file = '{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json'
  const locations = [kubernetesFolder(kubernetesMinor), customFolder]
  const where = locations.flatMap((location) => ['-schema-location', join(folder, location, file)])
  const { stdout, stderr } = await runTool(
    'kubeconform',
    ['-strict', '-summary', '-output', 'json', ...where],
    manifests,
  )
  if (!stdout.trimStart().startsWith('{')) throw new Error(`kubeconform: ${stderr || stdout}`)
  const { resources, summary }: Report = JSON.parse(stdout)
  if (summary.valid + summary.invalid + summary.errors === 0) return ['there is no manifest']
  return resources
    .flatMap(({ kind, name, msg }) => sentences(msg).map((what) => `${kind || 'something'} ${name}: ${what}`))
    .sort()
}

/** Why tests that need the schemas cannot run on this machine; '' where they can, and in CI they must. */
export async function whyNoManifestSchemas(): Promise<string> {
  try {
    await manifestSchemas()
    return ''
  } catch (error) {
    if (process.env.CI || !(error instanceof EvenlyError)) throw error
    return error.message
  }
}

interface Report {
  readonly resources: readonly Record<'kind' | 'name' | 'msg', string>[]
  readonly summary: Readonly<Record<'valid' | 'invalid' | 'errors', number>>
}

/** A message holds a tree of findings in one line, below the name of the schema; its leaves say it all. */
function sentences(message: string): string[] {
  const [, ...findings] = message.replaceAll(/\s+/g, ' ').split(/ - (?=at ')/)
  const leaves = findings.filter((finding) => !finding.endsWith(': validation failed'))
  return leaves.length === 0 ? [message] : leaves
}

async function obtain(): Promise<{ folder: string }> {
  const folder = join(cacheFolder(), `schemas-${await fingerprint()}`)
  await makeOnce(folder, async () => {
    const temporary = await mkdtemp(`${folder}.`)
    try {
      await writeSchemaFiles(temporary)
      await rename(temporary, folder)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  })
  return { folder }
}

/** Tells schemas made from other sources, or made otherwise, from those that are wanted. */
async function fingerprint(): Promise<string> {
  const definitions = ['custom-resource', 'linkerd-policies', 'grafana-dashboards']
  const makers = ['schema-sources', 'schema-files', 'strict-schema', ...definitions]
  const hash = createHash('sha256')
  for (const maker of makers) hash.update(await readFile(join(import.meta.dirname, `${maker}.ts`)))
  return hash.digest('hex').slice(0, 12)
}
