import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenly-start-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the command line, and tells which of the project's files and packages it reads. */
function loadedBy(...args: string[]): string[] {
  const log = join(folder, 'loaded')
  writeFileSync(log, '')
  const hook = join(folder, 'hook.mjs')
  writeFileSync(
    hook,
    `import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(log)}, url + '\\n'); return next(url, context) } })`,
  )
  const { status, stderr } = spawnSync(process.execPath, ['--import', hook, join(root, 'scripts/evenly.ts'), ...args], {
    ...{ input: 'replicaCount: 2\n', encoding: 'utf8', timeout: 50_000 },
  })
  expect([status, stderr]).not.toContain('Error')
  return readFileSync(log, 'utf8').split('\n')
}

describe('the command line', () => {
  it('reads for check neither gRPC, nor the lab, nor what runs on clusters', () => {
    const loaded = loadedBy('check', '-')
    expect(loaded.filter((url) => url.endsWith('/scripts/commands/check.ts'))).toHaveLength(1)
    expect(
      loaded.filter((url) => /@grpc|protobuf|listr2|fastify|\/scripts\/(lab|cluster)\/|\/services\//.test(url)),
    ).toEqual([])
  })

  it('reads for values no rule on manifests, and no output but the one that is asked for', () => {
    const loaded = loadedBy('check', '-')
    expect(loaded.filter((url) => /\/(manifest-rules|rule-book)\/|\/findings\/(sarif|junit)\.ts/.test(url))).toEqual([])
  })

  it('names every command in its help all the same, and helps with a slip', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'bin/evenly.js'), ...args], { encoding: 'utf8' })
    const source = readFileSync(join(root, 'scripts/evenly.ts'), 'utf8')
    const commands = [...source.matchAll(/^ {2}(\w+): async/gm)].map(([, name]) => name)
    expect(commands.length).toBeGreaterThan(9)
    const { stdout } = run('--help')
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
    expect(run('help', 'explain').stdout).toMatch(/^Usage: evenly explain /)
    expect(run('chek').stderr).toBe("evenly: unknown command 'chek'\n(Did you mean check?)\n")
    expect(run('toString').stderr).toMatch(/^evenly: unknown command 'toString'/)
  })
})

describe('the command line as an installed package', () => {
  it('runs below node_modules, where Node strips no types', () => {
    const installed = join(folder, 'node_modules/evenly-grpc')
    mkdirSync(installed, { recursive: true })
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    for (const name of ['package.json', ...files.filter((file: string) => file !== 'dist')]) {
      cpSync(join(root, name), join(installed, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'bin/evenly.js'), 'check', '-'], {
      ...{ input: 'replicaCout: 2\n', encoding: 'utf8', timeout: 50_000 },
    })
    expect([status, stderr.split('\n')[0]]).toEqual([79, '1 error, no advice'])
    expect(stdout).toMatch(/^-:1:1: error replicaCout: /)
  })
})
