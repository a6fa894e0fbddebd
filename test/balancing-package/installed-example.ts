import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** Our package as a team has it: packed, and installed by npm into a copy of examples/node-service elsewhere. */
export interface InstalledExample {
  /** Undefined where there is no registry. */
  readonly folder?: string
  readonly missing: string
}

/** Packs and installs; about 15 s with a warm npm cache. Throws where npm fails for another reason than the network. */
export async function installExample(): Promise<InstalledExample> {
  const place = await mkdtemp(join(tmpdir(), 'evenly-package-'))
  const folder = join(place, 'greeter')
  await cp(join(root, 'examples/node-service'), folder, { recursive: true })
  const { stdout } = await npm(root, 'pack', '--json', '--pack-destination', place)
  const { filename } = packed(stdout)
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const types = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`)
  try {
    await npm(folder, 'install', ...quick, join(place, filename), ...types)
  } catch (error) {
    const why = /npm error code (ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTCACHED)/.exec(`${error}`)
    if (why === null) throw error
    return { missing: `npm cannot install the package: ${why[1]}` }
  }
  return { folder, missing: '' }
}

const quick = ['--prefer-offline', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']

/** Runs npm, for at most three minutes; rejects with what it said when it fails. */
export function npm(cwd: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run('npm', args, { cwd, env: { ...process.env, npm_config_loglevel: 'error' }, timeout: 180_000 })
}

/** Before the JSON may stand what the build said. */
function packed(stdout: string): { filename: string } {
  const answer = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))
  return Array.isArray(answer) ? answer[0] : (Object.values(answer)[0] as { filename: string })
}
