import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../../scripts/lib/exit.ts'
import { installProgram, makeOnce } from '../../scripts/lib/program-file.ts'
import { checksumOf, download } from '../../scripts/lib/release.ts'
import { fileInTar } from '../../scripts/lib/tar.ts'
import { type Recipe, recipes } from '../../scripts/lib/tool-recipes.ts'
import { cacheFolder, obtain, type Place } from '../../scripts/lib/tools.ts'

const hash = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
const patience = { answerMs: 500, transferMs: 5_000 }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenly-tools-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('releases', () => {
  it.each([
    ['helm', 'linux', 'x64', 'https://get.helm.sh/helm-v4.3.1-linux-amd64.tar.gz', 'linux-amd64/helm'],
    ['helm3', 'darwin', 'arm64', 'https://get.helm.sh/helm-v3.22.0-darwin-arm64.tar.gz', 'darwin-arm64/helm'],
    [
      'helm-unittest',
      'darwin',
      'x64',
      'https://github.com/helm-unittest/helm-unittest/releases/download/v1.1.2/helm-unittest-macos-amd64-1.1.2.tgz',
      'untt-macos-amd64',
    ],
    [
      'kubeconform',
      'linux',
      'arm64',
      'https://github.com/yannh/kubeconform/releases/download/v0.8.0/kubeconform-linux-arm64.tar.gz',
      'kubeconform',
    ],
    ['ghz', 'linux', 'x64', 'https://github.com/bojand/ghz/releases/download/v0.93.0/ghz-linux-x86_64.tar.gz', 'ghz'],
    [
      'grpcurl',
      'darwin',
      'x64',
      'https://github.com/fullstorydev/grpcurl/releases/download/v1.9.4/grpcurl_1.9.4_osx_x86_64.tar.gz',
      'grpcurl',
    ],
    ['kubectl', 'linux', 'arm64', 'https://dl.k8s.io/release/v1.34.3/bin/linux/arm64/kubectl', ''],
  ] as const)('of %s for %s on %s has its address', (name, os, arch, url, member) => {
    expect(recipes[name].release({ os, arch })).toMatchObject({ url, member })
  })

  it('are none where the publisher makes none', () => {
    expect(recipes.helm.release({ os: 'win32', arch: 'x64' })).toBeUndefined()
    expect(recipes.helm.release({ os: 'linux', arch: 'riscv64' })).toBeUndefined()
    expect(recipes.ghz.release({ os: 'darwin', arch: 'arm64' })).toBeUndefined()
  })
})

describe('what a program says about itself', () => {
  it.each([
    ['helm', 'v4.3.1', true],
    ['helm', 'v4.3', true],
    ['helm', 'v3.22.0', false],
    ['helm3', 'v3.22', true],
    ['helm3', 'v3.18.6', true],
    ['helm3', 'v3.9.4', false],
    ['helm3', 'v4.3.1', false],
    ['kubeconform', 'v0.8.0', true],
    ['kubeconform', 'v0.6.7', false],
    ['ghz', 'v0.120.0', true],
    ['ghz', '0.60.0', false],
    ['kubectl', 'Client Version: v1.34.3', true],
    ['kubectl', 'Client Version: v1.29.1', false],
  ] as const)('decides: %s with %s', (name, output, accepted) => {
    expect(recipes[name].accepts(`${output}\n`)).toBe(accepted)
  })
})

describe('checksumOf', () => {
  const [a, b] = [hash('a'), hash('b')]
  it.each([
    ['a hash alone', `${a}\n`],
    ['a hash and a name', `${a}  tool.tgz\n`],
    ['one of many', `${b}  other.tgz\n${a}  tool.tgz\n${b}  tool.tgz.sig\n`],
    ['a path in binary mode', `${b} *./_dist/not-tool.tgz\n${a} *./_dist/tool.tgz\n`],
    ['capitals', `${a.toUpperCase()}  tool.tgz`],
  ])('reads %s', (_, text) => expect(checksumOf('tool.tgz', text)).toBe(a))

  it.each([
    ['of another file', `${a}  other.tgz`],
    ['too short', `${a.slice(1)}  tool.tgz`],
    ['in a page of HTML', '<html>not found</html>'],
    ['in nothing', ''],
  ])('takes no hash %s', (_, text) => expect(checksumOf('tool.tgz', text)).toBeUndefined())
})

describe('fileInTar', () => {
  it.each(['ustar', 'gnu', 'pax'])('finds a file that tar has written as %s', async (format) => {
    const content = Buffer.alloc(1_300, 'x')
    const inside = `${'long/'.repeat(15)}tool`
    await mkdir(dirname(join(folder, inside)), { recursive: true })
    await writeFile(join(folder, inside), content)
    await writeFile(join(folder, 'README'), 'read me')
    await promisify(execFile)('tar', [`--format=${format}`, '-cf', 't.tar', './README', inside], { cwd: folder })
    const archive = await readFile(join(folder, 't.tar'))
    expect(Buffer.from(fileInTar(archive, inside) ?? [])).toEqual(content)
    expect(Buffer.from(fileInTar(archive, 'README') ?? [])).toEqual(Buffer.from('read me'))
    expect(fileInTar(archive, 'tool')).toBeUndefined()
    expect(fileInTar(archive.subarray(0, 1_536), inside)).toBeUndefined()
  })
})

describe('makeOnce', () => {
  it('lets one of many make the file, and the others wait for it', async () => {
    const file = join(folder, 'cache/tool')
    let made = 0
    const make = (): Promise<void> =>
      installProgram(file, async (temporary) => {
        made += 1
        await new Promise((done) => setTimeout(done, 150))
        await writeFile(temporary, 'tool')
      })
    await Promise.all([makeOnce(file, make), makeOnce(file, make), makeOnce(file, make)])
    expect(made).toBe(1)
    expect(await readdir(dirname(file))).toEqual(['tool'])
  })

  it('takes over from a process that died', async () => {
    const file = join(folder, 'tool')
    await writeFile(`${file}.lock`, '999999999')
    await makeOnce(file, () => installProgram(file, (temporary) => writeFile(temporary, 'tool')))
    expect(await readdir(folder)).toEqual(['tool'])
  })

  it('leaves nothing behind when making fails', async () => {
    const file = join(folder, 'tool')
    const broken = makeOnce(file, () =>
      installProgram(file, async (temporary) => {
        await writeFile(temporary, 'half')
        throw new Error('interrupted')
      }),
    )
    await expect(broken).rejects.toThrow('interrupted')
    expect(await readdir(folder)).toEqual([])
  })

  it('fails at once where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(makeOnce(join(folder, 'file/tool'), async () => {})).rejects.toThrow(/EEXIST|ENOTDIR/)
  })
})

describe('with a release host', () => {
  let server: Server
  let host: string
  let files: Record<string, Uint8Array | string>

  beforeEach(async () => {
    files = {}
    server = createServer((request, response) => {
      const content = files[request.url ?? '']
      if (content === 'silence') return
      response.writeHead(content === undefined ? 404 : 200).end(content)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const release = (member = 'bin/tool') => ({ url: `${host}/tool.tgz`, checksums: `${host}/sums`, member })

  async function publish(): Promise<void> {
    await mkdir(join(folder, 'bin'))
    await writeFile(join(folder, 'bin/tool'), '#!/bin/sh\necho tool\n')
    await promisify(execFile)('tar', ['-cf', 't.tar', 'bin/tool'], { cwd: folder })
    const archive = gzipSync(await readFile(join(folder, 't.tar')))
    files = { '/tool.tgz': archive, '/sums': `${hash(archive)}  tool.tgz\n` }
  }

  it('takes the program out of the archive', async () => {
    await publish()
    expect(new TextDecoder().decode(await download(release(), patience))).toBe('#!/bin/sh\necho tool\n')
  })

  it('takes a file that is the program itself', async () => {
    files = { '/tool.tgz': 'bare', '/sums': hash('bare') }
    expect(new TextDecoder().decode(await download(release(''), patience))).toBe('bare')
  })

  it('refuses a file with another checksum', async () => {
    await publish()
    files['/sums'] = `${hash('what was published')}  tool.tgz\n`
    const refusal = `/tool.tgz has SHA-256 ${hash(files['/tool.tgz'] ?? '')}, and its publisher says ${hash('what was published')}`
    await expect(download(release(), patience)).rejects.toThrow(refusal)
  })

  it('refuses a file that no checksum is published for', async () => {
    await publish()
    files['/sums'] = `${hash('x')}  other.tgz\n`
    await expect(download(release(), patience)).rejects.toThrow('/sums holds no SHA-256 of tool.tgz')
  })

  it('says what is missing', async () => {
    await publish()
    await expect(download(release('tool'), patience)).rejects.toThrow('/tool.tgz holds no tool')
    files = {}
    await expect(download(release(), patience)).rejects.toThrow('/sums cannot be fetched (it answered 404)')
  })

  it('does not wait long for a host that is silent', async () => {
    files = { '/sums': 'silence' }
    await expect(download(release(), patience)).rejects.toThrow('/sums cannot be fetched (no answer in 0.5 s)')
  })

  describe('obtain', () => {
    const recipe = (): Recipe => ({
      version: '2.0.0',
      programs: ['tool'],
      versionArgs: ['--version'],
      accepts: (output) => output.startsWith('v2'),
      wanted: 'tool 2',
      release: () => release(),
      go: { module: 'tool', package: 'example.com/tool', set: ['main.version=v2'] },
      install: 'https://tool.example',
    })

    async function program(path: string, script: string): Promise<string> {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `#!/bin/sh\n${script}\n`)
      await chmod(path, 0o755)
      return path
    }

    const place = (...path: string[]): Place => ({
      path: [...path, '/bin', '/usr/bin'].join(delimiter),
      cache: join(folder, 'cache'),
      modules: join(folder, 'modules'),
      platform: { os: 'linux', arch: 'x64' },
    })

    it('prefers a program on PATH that is recent enough', async () => {
      await program(join(folder, 'old/tool'), 'echo v1.9')
      const recent = await program(join(folder, 'new/tool'), 'echo v2.5')
      const found = await obtain('tool', recipe(), place(join(folder, 'old'), join(folder, 'new')))
      expect(found).toEqual({ path: recent, from: 'PATH' })
    })

    it('takes the release once, and then the cache', async () => {
      await publish()
      await program(join(folder, 'old/tool'), 'echo v1.9')
      const path = join(folder, 'cache/tool-2.0.0-linux-x64')
      expect(await obtain('tool', recipe(), place(join(folder, 'old')))).toEqual({ path, from: 'release' })
      expect((await promisify(execFile)(path)).stdout).toBe('tool\n')
      files = {}
      expect(await obtain('tool', recipe(), place())).toEqual({ path, from: 'cache' })
    })

    it('has Go build it where there is no release, from the module that pins it', async () => {
      await mkdir(join(folder, 'modules/tool'), { recursive: true })
      await writeFile(join(folder, 'modules/tool/go.mod'), 'module tool\n')
      const go = join(folder, 'go-bin')
      await program(join(go, 'go'), `[ "$1" = build ] || { echo go version; exit; }; { pwd -P; echo "$@"; } >"$6"`)
      const { path, from } = await obtain('tool', recipe(), place(go))
      expect(from).toBe('source')
      const [where, args] = (await readFile(path, 'utf8')).split('\n')
      expect(where).toMatch(/\/modules\/tool$/)
      expect(args).toMatch(/^build -trimpath -ldflags -s -w -X main.version=v2 -o \S+\.tmp example.com\/tool$/)
    })

    it('says in one sentence what was tried and what to do', async () => {
      await mkdir(join(folder, 'modules/tool'), { recursive: true })
      await writeFile(join(folder, 'modules/tool/go.mod'), 'module tool\n')
      const go = join(folder, 'go-bin')
      await program(join(go, 'go'), `[ "$1" = build ] || { echo go version; exit; }; echo 'needs go1.99' >&2; exit 1`)
      await expect(obtain('tool', recipe(), place(go))).rejects.toMatchObject({
        exitCode: exitCode.unavailable,
        message:
          `tool 2.0.0 cannot be had: no tool 2 is on PATH, ${host}/sums cannot be fetched (it answered 404), ` +
          'Go cannot build it (needs go1.99); install tool 2 (https://tool.example) and run again.',
      })
      expect(await readdir(join(folder, 'cache'))).toEqual([])
    })

    it('never installs what it could not verify', async () => {
      await publish()
      files['/sums'] = `${hash('x')}  tool.tgz\n`
      await expect(obtain('tool', recipe(), place())).rejects.toThrow('and its publisher says')
      expect(await readdir(join(folder, 'cache'))).toEqual([])
    })
  })
})

describe('the cache', () => {
  it('is where EVENLY_CACHE says, else in the checkout, else in the user’s', async () => {
    expect(cacheFolder({ EVENLY_CACHE: '/c' }, folder)).toBe('/c')
    expect(cacheFolder({ XDG_CACHE_HOME: '/home/me/c' }, folder)).toBe(join('/home/me/c', 'evenly'))
    await mkdir(join(folder, 'tools'))
    await writeFile(join(folder, 'tools/go.mod'), '')
    expect(cacheFolder({}, folder)).toBe(join(folder, '.cache/tools'))
  })
})
