import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { type ToolName, tool } from '../../scripts/lib/tools.ts'

export const projectRoot = resolve(import.meta.dirname, '../..')
export const chart = join(projectRoot, 'charts/echo')

/** How long a test may wait for tools: on a machine that has none they may have to be built from source. */
export const toolsTimeoutMs = 20 * 60_000

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a tool in the project's root, with `input` on its standard input. */
export async function runTool(name: ToolName, args: readonly string[], input = ''): Promise<Outcome> {
  const path = await tool(name)
  return new Promise((done) => {
    const child = execFile(path, [...args], { cwd: projectRoot, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr }),
    )
    child.stdin?.end(input)
  })
}

/** A Kubernetes object, as far as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test asserts
export type Manifest = any

/** What `helm template RELEASE charts/echo ARGS` prints; a failure to render fails the test. */
export async function renderText(
  release: string,
  args: readonly string[] = [],
  helm: ToolName = 'helm',
): Promise<string> {
  const { code, stdout, stderr } = await runTool(helm, ['template', release, chart, '--namespace', 'shop', ...args])
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** The objects in it. */
export async function render(...of: Parameters<typeof renderText>): Promise<Manifest[]> {
  return objectsIn(await renderText(...of))
}

/** The objects of a text with one YAML document each. */
export const objectsIn = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((manifest) => manifest !== null)

export const kindsAndNames = (manifests: readonly Manifest[]): string[] =>
  manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()

export function ofKind(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind)
  if (found.length !== 1) throw new Error(`${found.length} objects are of kind ${kind}`)
  return found[0]
}
