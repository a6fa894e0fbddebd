import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { unavailable } from './exit.ts'
import { installProgram, isProgram, makeOnce } from './program-file.ts'
import { download } from './release.ts'
import { type Platform, type Recipe, recipes, type ToolName } from './tool-recipes.ts'

export type { ToolName } from './tool-recipes.ts'
export const toolNames = Object.keys(recipes) as ToolName[]

/** Where a tool is, and how it came there: it was on PATH, in the cache, or has just been put into the cache. */
export interface Found {
  readonly path: string
  readonly from: 'PATH' | 'cache' | 'release' | 'source'
}

/** Where to look for tools and to put them: folders on PATH, the cache, and the Go modules that pin what is built. */
export interface Place {
  readonly path: string
  readonly cache: string
  readonly modules: string
  readonly platform: Platform
}

const run = promisify(execFile)
const projectRoot = resolve(import.meta.dirname, '../..')
const exe = process.platform === 'win32' ? '.exe' : ''
const patience = { answerMs: 4_000, transferMs: 180_000 }
const found = new Map<ToolName, Promise<Found>>()

/**
 * The absolute path of a tool: the one on PATH if it is recent enough, else the pinned version from the project's cache,
 * where it is put once, from its official release or, where that cannot be reached, built from source by Go.
 */
export async function tool(name: ToolName): Promise<string> {
  return (await findTool(name)).path
}

export function findTool(name: ToolName): Promise<Found> {
  const known = found.get(name)
  if (known !== undefined) return known
  const search = obtain(name, recipes[name], here())
  found.set(name, search)
  search.catch(() => found.delete(name))
  return search
}

/** Where a tool is now, without fetching it. */
export const locateTool = (name: ToolName): Promise<Found | undefined> => locate(name, recipes[name], here())

const here = (): Place => ({
  path: process.env.PATH ?? '',
  cache: cacheFolder(),
  modules: join(projectRoot, 'tools'),
  platform: { os: process.platform, arch: process.arch },
})

/** `$EVENLY_CACHE`, else a folder of the checkout, else, for an installed copy, one of the user's. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, root: string = projectRoot): string {
  if (env.EVENLY_CACHE) return resolve(env.EVENLY_CACHE)
  if (existsSync(join(root, 'tools/go.mod'))) return join(root, '.cache/tools')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'evenly')
}

export async function obtain(name: string, recipe: Recipe, place: Place): Promise<Found> {
  const known = await locate(name, recipe, place)
  if (known !== undefined) return known

  const cached = cachedFile(name, recipe, place)
  const tried = [`no ${recipe.wanted} is on PATH`]
  let from: Found['from'] = 'cache'
  for (const [source, make] of [['release', takeRelease] as const, ['source', buildFromSource] as const]) {
    if (await isProgram(cached)) break
    await makeOnce(cached, async () => {
      await make(name, recipe, place, cached)
      from = source
    }).catch((error: Error) => tried.push(error.message))
  }
  if (await isProgram(cached)) return { path: cached, from }
  throw unavailable(
    `${name} ${recipe.version} cannot be had: ${[...new Set(tried)].join(', ')}; install ${recipe.wanted} (${recipe.install}) and run again.`,
  )
}

async function locate(name: string, recipe: Recipe, place: Place): Promise<Found | undefined> {
  const onPath = await lookOnPath(recipe, place.path)
  if (onPath !== undefined) return { path: onPath, from: 'PATH' }
  const cached = cachedFile(name, recipe, place)
  return (await isProgram(cached)) ? { path: cached, from: 'cache' } : undefined
}

const cachedFile = (name: string, { version }: Recipe, { cache, platform: { os, arch } }: Place): string =>
  join(cache, `${name}-${version}-${os}-${arch}${exe}`)

/** The first program on PATH that bears one of the recipe's names and says that it is what is wanted. */
async function lookOnPath(recipe: Recipe, path: string): Promise<string | undefined> {
  for (const program of recipe.programs) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const candidate = resolve(folder, `${program}${exe}`)
      if (!(await isProgram(candidate))) continue
      if (recipe.accepts(await whatItSays(candidate, recipe.versionArgs))) return candidate
    }
  }
  return undefined
}

/** What a program prints about itself, on either stream; '' when it fails. */
export async function whatItSays(program: string, args: readonly string[], env = process.env): Promise<string> {
  const said = await run(program, [...args], { timeout: 30_000, env }).catch(() => ({ stdout: '', stderr: '' }))
  return said.stdout + said.stderr
}

async function takeRelease(name: string, recipe: Recipe, { platform }: Place, target: string): Promise<void> {
  const release = recipe.release(platform)
  if (release === undefined) throw new Error(`no release of it is published for ${platform.os} on ${platform.arch}`)
  const program = await download(release, patience, () => say(`taking ${name} ${recipe.version} from ${release.url}`))
  await installProgram(target, (temporary) => writeFile(temporary, program))
}

async function buildFromSource(name: string, { go, version }: Recipe, place: Place, target: string): Promise<void> {
  if (go === undefined) throw new Error('it cannot be built from here')
  const cwd = join(place.modules, go.module)
  const env = { ...process.env, PATH: place.path, CGO_ENABLED: '0' }
  if (!existsSync(join(cwd, 'go.mod'))) throw new Error('this copy of Evenly has no tools/go.mod to build it by')
  if ((await whatItSays('go', ['version'], env)) === '') throw new Error('there is no Go on PATH to build it with')

  say(`building ${name} ${version} from source, once; the first tool takes some minutes`)
  const started = performance.now()
  const flags = ['-s', '-w', ...(go.set ?? []).map((assignment) => `-X ${assignment}`)].join(' ')
  await installProgram(target, async (temporary) => {
    const args = ['build', '-trimpath', '-ldflags', flags, '-o', temporary, go.package]
    await run('go', args, { cwd, env, maxBuffer: 1 << 26 }).catch((error: { stderr?: string; message: string }) => {
      const lines = (error.stderr || error.message).trim().split('\n')
      throw new Error(`Go cannot build it (${lines.at(-1)})`)
    })
  })
  say(`built ${name} ${version} in ${Math.round((performance.now() - started) / 1000)} s`)
}

const say = (text: string): void => console.error(`evenly: ${text}`)
