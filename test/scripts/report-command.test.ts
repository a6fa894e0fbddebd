import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportCommand } from '../../scripts/commands/report.ts'
import { type Format, formats, render } from '../../scripts/report/formats.ts'
import { info, usual } from '../report/rows.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../support/in-process-cli.ts'

let folder: string
let saved: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenly-report-'))
  saved = join(folder, 'saved.json')
  await writeFile(saved, JSON.stringify(usual))
})
afterAll(() => rm(folder, { recursive: true }))

inSurroundingsOfItsOwn()

const run = (...args: string[]) => inProcess(reportCommand(), args)

describe('evenly report', () => {
  it('prints HTML when nothing else is asked for, and exits 0 whatever the verdicts are', async () => {
    expect(await run(saved)).toEqual({ exit: 0, out: `${render('html', usual)}\n`, err: '' })
  })

  it.each(formats)('prints %s', async (format: Format) => {
    const { out, exit } = await run(saved, '-o', format)
    expect([exit, out]).toEqual([0, `${render(format, usual)}\n`])
    expect(out).toMatch(beginnings[format])
  })

  it('prints as JSON the very rows it was given', async () => {
    expect((await run(saved, '--output', 'json')).out).toBe(`${JSON.stringify(usual, undefined, 2)}\n`)
  })

  it('tells the time and the versions where the file does', async () => {
    const file = join(folder, 'with-info.json')
    await writeFile(file, JSON.stringify({ info, rows: usual }))
    expect((await run(file, '-o', 'markdown')).out).toBe(`${render('markdown', usual, info)}\n`)
  })

  it('writes a file, and says so on stderr alone', async () => {
    const file = join(folder, 'report.html')
    expect(await run(saved, '--write', file)).toEqual({ exit: 0, out: '', err: `wrote ${file}\n` })
    expect(await readFile(file, 'utf8')).toBe(`${render('html', usual)}\n`)
  })

  it('reads stdin for -, in a process of its own', () => {
    const program = `import { Command } from 'commander'
import { reportCommand } from ${JSON.stringify(fileURLToPath(new URL('../../scripts/commands/report.ts', import.meta.url)))}
import { runCli } from ${JSON.stringify(fileURLToPath(new URL('../../scripts/lib/run-cli.ts', import.meta.url)))}
await runCli(new Command('evenly').addCommand(reportCommand()), ['report', ...process.argv.slice(1)])`
    const fromStdin = (input: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program, '-', '-o', 'markdown'], {
        input,
        encoding: 'utf8',
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        env: { ...process.env, NO_COLOR: '1' },
      })
    const { status, stdout } = fromStdin(JSON.stringify(usual))
    expect([status, stdout]).toEqual([0, `${render('markdown', usual)}\n`])
    const refused = fromStdin('[]')
    expect([refused.status, refused.stdout]).toEqual([65, ''])
    expect(refused.stderr).toMatch(/^evenly: stdin holds an empty list: give what [^\n]+\n$/)
  })
})

const beginnings: Readonly<Record<Format, RegExp>> = {
  table: /^scenario +expected +verdict/,
  json: /^\[\n {2}\{\n {4}"scenario"/,
  junit: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /,
  markdown: /^The results were saved without/,
  html: /^<!doctype html>\n/,
}

describe('what evenly report cannot read', () => {
  const fileOf = async (name: string, content: string | Uint8Array) => {
    const file = join(folder, name)
    await writeFile(file, content)
    return file
  }

  it.each([
    ['is missing', async () => join(folder, 'none.json'), 'cannot be read (ENOENT): check its path and rights'],
    ['is a directory', async () => folder, 'is a directory: name a file in it'],
    [
      'is too large',
      () => fileOf('large.json', new Uint8Array(50 * 1024 * 1024).fill(0x20)),
      'is larger than 32 MiB, which results never are: check its path',
    ],
    ['never ends', async () => '/dev/zero', 'is larger than 32 MiB, which results never are: check its path'],
    [
      'is UTF-16',
      () => fileOf('utf-16.json', Buffer.from('\ufeff[]', 'utf16le')),
      'is no UTF-8 text: save it as UTF-8',
    ],
    [
      'is no JSON',
      () => fileOf('verdict.txt', 'verdict: even'),
      expect.stringMatching(/^is not JSON \(Unexpected token .*\): give what `evenly matrix -o json` or .* printed$/),
    ],
  ])('%s: one sentence, and exit 65', async (_, file, sentence) => {
    const path = await file()
    const { exit, out, err } = await run(path)
    expect([exit, out]).toEqual([65, ''])
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(err.slice(`evenly: ${path} `.length, -1)).toEqual(sentence)
  })

  it('begins with a byte order mark: it is read all the same', async () => {
    const file = await fileOf('marked.json', `\ufeff${JSON.stringify(usual)}`)
    expect((await run(file, '-o', 'json')).exit).toBe(0)
  })
})

describe('the options of evenly report', () => {
  it('are refused with exit 64 when there is no such format, or no file', async () => {
    expect(await run(saved, '-o', 'pdf')).toMatchObject({
      exit: 64,
      err: "evenly: option '-o, --output <format>' argument 'pdf' is invalid. Allowed choices are table, json, junit, markdown, html.\n",
    })
    expect((await run()).exit).toBe(64)
  })

  it('fail with one sentence when there is no writing to a place', async () => {
    const file = join(folder, 'none', 'report.html')
    const { exit, out, err } = await run(saved, '--write', file)
    expect({ exit, out, err }).toEqual({
      exit: 1,
      out: '',
      err: `evenly: ${file} cannot be written (ENOENT): choose another place\n`,
    })
  })
})
