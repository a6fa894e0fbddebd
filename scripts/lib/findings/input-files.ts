import { type Dirent, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { badInput, EvenlyError, usageError } from '../exit.ts'

/** What an input names. */
export interface InputFiles {
  readonly isFolder: boolean
  /** As the user would name them. */
  readonly files: readonly string[]
  /** Why some of a folder cannot be checked. */
  readonly problems: readonly EvenlyError[]
}

/**
 * The files that an input stands for: itself, or all YAML and JSON below a folder, sorted. What begins with a dot, and
 * node_modules, is nobody's manifests.
 *
 * @throws EvenlyError (exit 64) for what manifests are yet to be made of: a Helm chart, a kustomization
 */
export async function filesOf(input: string): Promise<InputFiles> {
  const name = basename(input)
  if (name === 'Chart.yaml') throw isChart(dirname(input))
  if (name.endsWith('.tgz')) throw isChart(input)
  if (isKustomization(name)) throw isBuilt(input)
  if (input === '-' || !isFolder(input)) return { isFolder: false, files: [input], problems: [] }
  const problems: EvenlyError[] = []
  const files = await filesIn(input, (problem, folder) => {
    if (folder === input) throw problem
    problems.push(problem)
  })
  return { isFolder: true, files, problems }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

async function filesIn(folder: string, tell: (problem: EvenlyError, folder: string) => void): Promise<string[]> {
  const entries = await entriesOf(folder)
  const problem = entries instanceof EvenlyError ? entries : hasChart(entries) ? isChart(folder) : undefined
  if (entries instanceof EvenlyError || problem) {
    tell(problem as EvenlyError, folder)
    return []
  }
  const files: string[] = []
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const { name } = entry
    const path = join(folder, name)
    if (name.startsWith('.') || name === 'node_modules' || isKustomization(name)) continue
    if (entry.isDirectory()) files.push(...(await filesIn(path, tell)))
    else if (/\.(ya?ml|json)$/.test(name) && !isFolder(path)) files.push(path)
  }
  return files
}

async function entriesOf(folder: string): Promise<Dirent[] | EvenlyError> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    return badInput(`${folder} cannot be read (${(error as NodeJS.ErrnoException).code}): check its rights`)
  }
}

const hasChart = (entries: readonly Dirent[]): boolean => entries.some(({ name }) => name === 'Chart.yaml')

const isChart = (chart: string): EvenlyError =>
  usageError(
    `${chart} is a Helm chart, whose templates are no manifests yet: render it first, helm template NAME ${chart} | evenly check -`,
  )

const isKustomization = (name: string): boolean => /^(kustomization\.ya?ml|Kustomization)$/.test(name)

const isBuilt = (file: string): EvenlyError =>
  usageError(
    `${file} says what kustomize makes manifests of: build it first, kubectl kustomize ${dirname(file)} | evenly check -`,
  )
