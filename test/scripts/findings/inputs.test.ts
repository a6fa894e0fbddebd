import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readInputs } from '../../../scripts/lib/findings/inputs.ts'
import { readText } from '../../../scripts/report/read-text.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenly-inputs-'))
})
afterEach(() => rm(folder, { recursive: true }))

const service = 'apiVersion: v1\nkind: Service\n'

async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** What inputs below the folder hold, without the folder's own path. */
async function read(...inputs: string[]) {
  const { texts, unreadable } = await readInputs(inputs.map((input) => join(folder, input)))
  return {
    texts: texts.map(({ file, kind }) => `${relative(folder, file)} ${kind}`),
    unreadable: unreadable.map((sentence) => sentence.replaceAll(`${folder}/`, '').replaceAll(folder, '.')),
  }
}

describe('inputs', () => {
  it('are files, each with what it holds, in the order of their names', async () => {
    await put({ 'b.txt': service, 'a.yaml': 'replicaCount: 1\n' })
    expect(await read('b.txt', 'a.yaml')).toEqual({ texts: ['b.txt manifests', 'a.yaml values'], unreadable: [] })
  })

  it('are folders, all below them, sorted, without what is nobody’s', async () => {
    await put({
      'b.yml': service,
      'a/z.yaml': 'replicaCount: 1\n',
      'a/b/c.json': '{"apiVersion": "v1", "kind": "Service"}',
      'a.txt': service,
      'package.json': '{"name": "a"}',
      '.git/x.yaml': service,
      '.hidden.yaml': service,
      'node_modules/x/y.yaml': service,
    })
    expect(await read('.')).toEqual({
      texts: ['a/b/c.json manifests', 'a/z.yaml values', 'b.yml manifests'],
      unreadable: [],
    })
    expect((await read('package.json')).texts).toEqual(['package.json values'])
  })

  it('of a folder are sorted, however the disk has them', async () => {
    const names = ['m', 'c', 'z', 'a', 'q', 'b', 'y', 'd', 'x', 'k'].map((name) => `${name}.yaml`)
    await put(Object.fromEntries(names.map((name) => [name, service])))
    for (const name of ['c.yaml', 'a.yaml']) await rm(join(folder, name))
    await put({ 'c.yaml': service, 'a.yaml': service })
    expect((await read('.')).texts).toEqual(names.toSorted().map((name) => `${name} manifests`))
  })

  it('are each read once, however often they are named', async () => {
    await put({ 'a.yaml': service, 'b.yaml': service })
    expect((await read('b.yaml', '.', 'a.yaml', './b.yaml')).texts).toEqual(['b.yaml manifests', 'a.yaml manifests'])
  })

  it('are followed where a file is a link, and not where a folder is', async () => {
    await put({ 'real/a.yaml': service })
    await mkdir(join(folder, 'links'))
    await symlink('../real/a.yaml', join(folder, 'links/b.yaml'))
    await symlink('../links', join(folder, 'links/loop'))
    await symlink('../real', join(folder, 'links/c.yaml'))
    expect(await read('links')).toEqual({ texts: ['links/b.yaml manifests'], unreadable: [] })
  })

  it('that cannot be read leave the others to be checked, and are told of one by one', async () => {
    await put({ 'a.yaml': service, 'nul.yaml': 'a: \0', 'latin.yaml': Buffer.from([0xff, 0xfe]), 'empty/a.txt': '' })
    expect(await read('none.yaml', 'nul.yaml', 'a.yaml', 'latin.yaml', 'empty')).toEqual({
      texts: ['a.yaml manifests'],
      unreadable: [
        'none.yaml cannot be read (ENOENT): check its path and rights',
        'nul.yaml holds NUL bytes, so it is no YAML: save it as UTF-8 text',
        'latin.yaml is no UTF-8 text: save it as UTF-8',
        'empty holds neither values nor manifests: name a folder that does',
      ],
    })
  })
})

describe('a folder without anything to check', () => {
  it('is told of, for nobody looked into it', async () => {
    await put({ 'package.json': '{}', 'kustomization.yaml': 'resources: []\n' })
    expect((await read('.')).unreadable).toEqual(['. holds neither values nor manifests: name a folder that does'])
  })
})

describe('what stands for manifests, and is none', () => {
  it.each([
    [
      'shop-1.2.0.tgz',
      'shop-1.2.0.tgz is a Helm chart, whose templates are no manifests yet: render it first, helm template NAME shop-1.2.0.tgz | evenly check -',
    ],
    [
      'base/kustomization.yaml',
      'base/kustomization.yaml says what kustomize makes manifests of: build it first, kubectl kustomize base | evenly check -',
    ],
    [
      'Kustomization',
      'Kustomization says what kustomize makes manifests of: build it first, kubectl kustomize . | evenly check -',
    ],
  ])('%s is refused with the command that makes them', async (file, message) => {
    await expect(readInputs([file])).rejects.toMatchObject({ exitCode: 64, message })
  })

  it('is left out of a folder, where the manifests stand beside it', async () => {
    await put({ 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': service })
    expect(await read('.')).toEqual({ texts: ['a.yaml manifests'], unreadable: [] })
  })
})

describe('a Helm chart', () => {
  const sentence = (chart: string) =>
    `${chart} is a Helm chart, whose templates are no manifests yet: render it first, helm template NAME ${chart} | evenly check -`

  it('is refused in one sentence, for its templates are no manifests', async () => {
    await put({ 'chart/Chart.yaml': 'name: a\n', 'chart/templates/a.yaml': '{{ x }}' })
    const chart = join(folder, 'chart')
    for (const input of [chart, `${chart}/Chart.yaml`]) {
      await expect(readInputs([input])).rejects.toMatchObject({ exitCode: 64, message: sentence(chart) })
    }
  })

  it('within a folder leaves the rest of it to be checked', async () => {
    await put({ 'chart/Chart.yaml': 'name: a\n', 'chart/templates/a.yaml': '{{ x }}', 'z.yaml': service })
    expect(await read('.')).toEqual({ texts: ['z.yaml manifests'], unreadable: [sentence('chart')] })
  })
})

describe('what has no end, or no beginning', () => {
  it('is refused when it is larger than manifests ever are', async () => {
    expect((await readInputs(['/dev/zero'])).unreadable).toEqual([
      '/dev/zero is larger than 100 MiB, which manifests never are: check its path',
    ])
  })

  const pipe = () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    return path
  }
  const short = { openMs: 100, silentMs: 200 }
  const manifests = { mebibytes: 1, what: 'manifests' }

  it('is read when it is a pipe, however slowly it comes', async () => {
    const path = pipe()
    const writing = new Promise((done) => setTimeout(done, 100)).then(() => appendFile(path, service.repeat(5_000)))
    expect(await readText(path, manifests, { openMs: 30_000, silentMs: 30_000 })).toBe(service.repeat(5_000))
    await writing
  })

  it('is given up when nobody writes to it, or whoever does says nothing', async () => {
    const path = pipe()
    const sentence = `${path} is a pipe that nothing comes from: see what should write to it`
    await expect(readText(path, manifests, short)).rejects.toMatchObject({ exitCode: 65, message: sentence })
  })

  it('is nothing to check when it is empty', async () => {
    await put({ 'empty.yaml': '' })
    expect((await read('empty.yaml')).texts).toEqual(['empty.yaml values'])
    expect((await readInputs(['/dev/null'])).unreadable).toEqual([
      '/dev/null is empty, so there is nothing to check: see what the command that writes it says',
    ])
  })
})
