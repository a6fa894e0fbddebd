import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkCommand } from '../../../scripts/commands/check.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../../support/in-process-cli.ts'
import { pinned } from '../findings/samples.ts'

const cli = fileURLToPath(new URL('../../../bin/evenly.js', import.meta.url))

let folder: string
inSurroundingsOfItsOwn()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenly-check-'))
})
afterEach(() => rm(folder, { recursive: true }))

const plain = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.')

/** Runs the command on files below the folder; words with a slash or a dot in front are taken for their names. */
async function run(...args: string[]): Promise<{ exit: unknown; out: string; err: string }> {
  const { exit, out, err } = await inProcess(
    checkCommand(),
    args.map((arg) => arg.replace(/^\.\//, `${folder}/`)),
  )
  return { exit, out: plain(out), err: plain(err) }
}

async function put(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** The first line of each finding, without its sentence: `FILE:LINE:COLUMN SEVERITY [RULE]`. */
const heads = (out: string): string[] =>
  [...out.matchAll(/^(\S+:\d+:\d+): (error|advice) .* (\[[a-z-]+\])$/gm)].map(([, ...parts]) => parts.join(' '))

/** As a shell would run it, with something on stdin. */
function piped(input: string, ...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check', ...args], {
    ...{ input, encoding: 'utf8', cwd: folder, env, timeout: 50_000 },
  })
  return { exit: status, out: stdout, err: stderr }
}

describe('evenly check of values', () => {
  it('has nothing against the defaults, nor against a file without a mistake', async () => {
    await put({ 'empty.yaml': '', 'a.yaml': 'client: {enabled: yes}\nenabled: true\n' })
    expect(await run('./empty.yaml')).toEqual({ exit: 0, out: '', err: 'no errors, no advice\n' })
    expect((await run('./a.yaml')).exit).toBe(0)
  })

  it('tells place, path, sentence and rule, shows the line and what mends it, and counts', async () => {
    await put({ 'a.yaml': 'image:\n  tag: 1.1 # the newest\nloadBalancing: {policy: LEAST_CONN}\n' })
    const { exit, out, err } = await run('./a.yaml')
    expect(out).toBe(`a.yaml:2:3: error image.tag: 1.1 is a fraction, and text is wanted; write "1.1". [wrong-type]
  2 |   tag: 1.1 # the newest
    |   ^^^
  lay this over with -f:
    image:
      tag: "1.1"

a.yaml:3:17: advice loadBalancing.policy: LEAST_CONN is Istio's deprecated name, and LEAST_REQUEST is rendered; write leastRequest. [least-conn]
  3 | loadBalancing: {policy: LEAST_CONN}
    |                 ^^^^^^
  lay this over with -f:
    loadBalancing:
      policy: leastRequest
`)
    expect([exit, err]).toEqual([79, '1 error, 1 piece of advice\nevenly explain RULE tells more\n'])
  })

  it('ends well where there is advice alone, and hides it when errors alone are asked for', async () => {
    await put({ 'a.yaml': 'loadBalancing: {policy: LEAST_CONN}\n' })
    expect(await run('./a.yaml')).toMatchObject({
      exit: 0,
      err: expect.stringMatching(/^no errors, 1 piece of advice\n/),
    })
    expect(await run('./a.yaml', '--severity', 'error')).toEqual({ exit: 0, out: '', err: 'no errors, no advice\n' })
  })

  it('lays files and --set over each other as Helm does, and places a mistake where its value comes from', async () => {
    await put({
      'base.yaml': 'client:\n  enabled: true\n  kind: Job\n  requests: 300\n',
      'prod.yaml': 'replicaCount: 2\nclient:\n  requests: null\n',
      'mended.yaml': 'client: {requests: 5}\n',
    })
    expect((await run('./base.yaml')).exit).toBe(0)
    expect(heads((await run('./base.yaml', '-f', `${folder}/prod.yaml`)).out)).toEqual([
      'prod.yaml:3:3 error [job-ends]',
    ])
    const over = ['-f', `${folder}/prod.yaml`, '--values', `${folder}/mended.yaml`]
    expect((await run('./base.yaml', ...over)).exit).toBe(0)
    expect((await run('./base.yaml', ...over, '--set', 'replicaCout=3')).out).toMatch(/^--set:1:1: error replicaCout: /)
  })

  it('checks each file by itself, and says once what those over all of them do wrong', async () => {
    await put({
      'values/a.yaml': 'client: {enabled: true, rps: 5}\n',
      'values/b.yaml': 'client: {concurrency: 10}\n',
      'over.yaml': 'replicaCout: 1\n',
    })
    expect(await run('./values')).toMatchObject({ exit: 0, out: '' })
    const { out } = await run('./values', '-f', `${folder}/over.yaml`)
    expect(heads(out)).toEqual(['over.yaml:1:1 error [unknown-key]'])
  })

  it('checks the files of -f when nothing else is named', async () => {
    await put({ 'a.yaml': 'replicaCout: 1\n' })
    expect(heads((await run('-f', `${folder}/a.yaml`)).out)).toEqual(['a.yaml:1:1 error [unknown-key]'])
  })
})

describe('evenly check of manifests', () => {
  it('tells why calls are pinned, of which object, and gives the patch', async () => {
    await put({ 'shop.yaml': pinned })
    const { exit, out } = await run('./shop.yaml')
    const [head, source, underline, title] = out.split('\n')
    expect(head).toMatch(
      /^shop\.yaml:34:22: error Job shop\/caller spec\.template\.spec\.containers\[0\]\.args\[1\]: .* \[cluster-ip-pins\]$/,
    )
    expect([source, underline]).toEqual([
      '  34 |           args: [-h, "orders:8080"]',
      '     |                      ^^^^^^^^^^^^^',
    ])
    expect(title).toMatch(/^ {2}patch.* Job shop\/caller:$/)
    expect(out).toContain('\n    kind: Service\n')
    expect(exit).toBe(79)
  })

  it('takes all of a run for one cluster, whatever files they lie in', async () => {
    const [service = '', servers = '', caller = ''] = pinned.split('---\n')
    await put({ 'm/a.yaml': service, 'm/b.yaml': servers, 'm/c/caller.yaml': caller })
    expect(heads((await run('./m')).out)).toEqual(['m/c/caller.yaml:11:22 error [cluster-ip-pins]'])
    expect(heads((await run('./m/c')).out)).toEqual([])
  })

  it('believes --mesh where no manifest tells of one', async () => {
    await put({ 'shop.yaml': pinned })
    expect(heads((await run('./shop.yaml', '--mesh', 'istio')).out).join()).not.toContain('cluster-ip-pins')
  })

  it('reads JSON, and Lists', async () => {
    const [service = '', ...others] = pinned.split('---\n')
    const list = (text: string) => text.replace(/^/gm, '    ').replace(/^ {4}/, '  - ').trimEnd()
    await put({ 'list.yaml': `apiVersion: v1\nkind: List\nitems:\n${[service, ...others].map(list).join('\n')}\n` })
    expect(heads((await run('./list.yaml')).out)).toEqual([
      expect.stringMatching(/^list\.yaml:\d+:\d+ error \[cluster-ip-pins\]$/),
    ])
  })

  it('checks a folder of both, in the order of their names', async () => {
    await put({ 'x/a.yaml': 'replicaCout: 1\n', 'x/m.yaml': pinned, 'x/z.yaml': 'replicaCout: 1\n' })
    expect(heads((await run('./x')).out)).toEqual([
      'x/a.yaml:1:1 error [unknown-key]',
      'x/m.yaml:34:22 error [cluster-ip-pins]',
      'x/z.yaml:1:1 error [unknown-key]',
    ])
  })
})

describe('evenly check of stdin', () => {
  it('reads manifests for -, and where nothing is named', () => {
    for (const args of [['-'], []]) {
      const { exit, out } = piped(pinned, ...args)
      expect([exit, heads(out)]).toEqual([79, ['-:34:22 error [cluster-ip-pins]']])
    }
  })

  it('reads values too', () => expect(heads(piped('replicaCout: 1\n', '-').out)).toEqual(['-:1:1 error [unknown-key]']))

  it('says that nothing came, rather than that nothing is wrong', () => {
    expect(piped('')).toEqual({
      exit: 65,
      out: '',
      err: 'evenly: stdin is empty, so there is nothing to check: see what the command that writes it says\n',
    })
  })
})

describe('what evenly check ignores', () => {
  it('is counted, left out for people, and shown to programs with the reason', async () => {
    await put({ 'a.yaml': 'replicaCout: 1 # evenly-ignore unknown-key: an old chart reads it\nmode: servr\n' })
    const { exit, out, err } = await run('./a.yaml')
    expect([exit, heads(out)]).toEqual([79, ['a.yaml:2:1 error [wrong-value]']])
    expect(err).toMatch(/^1 error, no advice, 1 ignored\n/)
    expect(await run('./a.yaml', '--ignore', 'wrong-value: known')).toEqual({
      exit: 0,
      out: '',
      err: 'no errors, no advice, 2 ignored\n',
    })
    const { findings, summary } = JSON.parse((await run('./a.yaml', '-o', 'json')).out)
    expect(findings.map(({ ignored }: { ignored: string }) => ignored)).toEqual(['an old chart reads it', null])
    expect(summary).toEqual({ errors: 1, advice: 0, ignored: 1 })
  })

  it('is ignored in manifests at the object, the field or everywhere', async () => {
    await put({
      'field.yaml': pinned.replace('args: [-h, "orders:8080"]', '$& # evenly-ignore cluster-ip-pins: on purpose'),
      'object.yaml': pinned.replace(
        '---\napiVersion: batch',
        '---\n# evenly-ignore cluster-ip-pins: on purpose\napiVersion: batch',
      ),
      'other.yaml': `# evenly-ignore cluster-ip-pins: on purpose\n${pinned}`,
    })
    expect(await run('./field.yaml')).toMatchObject({ exit: 0, err: 'no errors, no advice, 1 ignored in 3 objects\n' })
    expect(await run('./object.yaml')).toMatchObject({ exit: 0, err: 'no errors, no advice, 1 ignored in 3 objects\n' })
    expect(heads((await run('./other.yaml')).out)).toEqual([
      'other.yaml:1:1 advice [unused-ignore]',
      'other.yaml:35:22 error [cluster-ip-pins]',
    ])
  })

  it('is not ignored without a reason, and the comment is an error', async () => {
    await put({ 'a.yaml': 'replicaCout: 1 # evenly-ignore unknown-key\n' })
    expect(heads((await run('./a.yaml')).out)).toEqual(['a.yaml:1:1 error [unknown-key]', 'a.yaml:1:16 error [ignore]'])
  })

  it('is found in the files of -f as well', async () => {
    await put({ 'a.yaml': '', 'over.yaml': 'replicaCout: 1 # evenly-ignore unknown-key: why\n' })
    expect(await run('./a.yaml', '-f', `${folder}/over.yaml`)).toMatchObject({ exit: 0, err: /1 ignored/ })
  })
})

describe('the outputs of evenly check', () => {
  it('give programs every field of every finding as JSON', async () => {
    await put({ 'a.yaml': 'replicaCout: 1\nloadBalancing: {policy: LEAST_CONN}\n', 'm.yaml': pinned })
    const { out, err } = await run('./a.yaml', './m.yaml', '-o', 'json')
    const { version, findings, summary } = JSON.parse(out)
    expect([version, summary]).toEqual([1, { errors: 2, advice: 1, ignored: 0 }])
    expect(findings[0]).toEqual({
      ...{ rule: 'unknown-key', severity: 'error', file: `a.yaml`, line: 1, column: 1 },
      ...{ sourceLine: 'replicaCout: 1', object: null, path: 'replicaCout', suggestion: 'replicaCount', ignored: null },
      template: null,
      message: expect.stringMatching(/^there is no such key; /),
      patch: expect.any(String),
    })
    expect(findings[2]).toMatchObject({ object: 'Job shop/caller', suggestion: null, file: 'm.yaml' })
    for (const finding of findings) expect(Object.keys(finding)).toEqual(Object.keys(findings[0]))
    expect(err).toBe('2 errors, 1 piece of advice in 3 objects\n')
  })

  it('are whole when nothing is wrong', async () => {
    await put({ 'a.yaml': '' })
    expect(JSON.parse((await run('./a.yaml', '-o', 'json')).out)).toEqual({
      version: 1,
      findings: [],
      summary: { errors: 0, advice: 0, ignored: 0 },
    })
    expect(JSON.parse((await run('./a.yaml', '-o', 'sarif')).out).runs[0].results).toEqual([])
    expect((await run('./a.yaml', '-o', 'junit')).out).toContain('tests="1" failures="0"')
  })

  it('keep to the exit code, whatever the format', async () => {
    await put({ 'a.yaml': 'replicaCout: 1\n' })
    for (const format of ['text', 'json', 'sarif', 'junit']) expect((await run('./a.yaml', '-o', format)).exit).toBe(79)
  })

  it('are coloured when that is forced, and plain in a pipe', () => {
    const args = [cli, 'check', '-']
    const colours = (env: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, args, { input: 'replicaCout: 1\n', encoding: 'utf8', env }).stdout.includes('\u001b[')
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env
    expect([colours(env), colours({ ...env, FORCE_COLOR: '1' }), colours({ ...env, NO_COLOR: '1' })]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('what evenly check was given', () => {
  it('is named by the template that it comes from, where Helm says so', async () => {
    await put({
      'm.yaml': pinned.replace('---\napiVersion: batch', '---\n# Source: shop/templates/job.yaml\napiVersion: batch'),
    })
    expect((await run('./m.yaml')).out.split('\n')[1]).toBe('  in shop/templates/job.yaml')
    const { findings } = JSON.parse((await run('./m.yaml', '-o', 'json')).out)
    expect(findings[0].template).toBe('shop/templates/job.yaml')
  })

  it('is counted, and questioned when gRPC cannot be about any of it', async () => {
    await put({ 'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' })
    expect((await run('./map.yaml')).err).toBe(
      'no errors, no advice in 1 object\nnone of these is a Service or runs pods: was all of it given?\n',
    )
    await put({ 'map.yaml': 'apiVersion: v1\nkind: List\nitems: []\n' })
    expect((await run('./map.yaml')).err).toMatch(/^no errors, no advice in 0 objects\nnone of these/)
  })
})

describe('what evenly check cannot read', () => {
  it('is told of, one sentence each, and the rest is checked', async () => {
    await put({
      'a.yaml': 'replicaCout: 1\n',
      'tab.yaml': 'a:\n\tb: 1\n',
      'm.yaml': pinned,
      'broken.yaml': 'apiVersion: v1\nkind: Service\nspec: [\n',
      'template.yaml': 'apiVersion: v1\nkind: Service\n{{- if .Values.x }}\nspec: {}\n{{- end }}\n',
      'note.yaml': 'apiVersion: v1\nkind: Service\n---\na: 1\n',
    })
    const { exit, out, err } = await run('./')
    expect(exit).toBe(65)
    expect(heads(out)).toEqual(['a.yaml:1:1 error [unknown-key]', 'm.yaml:34:22 error [cluster-ip-pins]'])
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^evenly: broken\.yaml:\d+:\d+: this is no YAML \(.*\): correct it$/),
      'evenly: note.yaml: the document of line 3 is no object of Kubernetes: give it an apiVersion and a kind, or leave it out',
      "evenly: template.yaml is a template of Helm's, no manifest yet: render its chart first, with helm template",
      'evenly: tab.yaml:2:1: a tab indents it, and YAML takes spaces alone: replace it by spaces',
      '2 errors, no advice in 3 objects',
      'evenly explain RULE tells more',
      '',
    ])
  })

  it('is an error of its own for machines', async () => {
    await put({ 'tab.yaml': 'a:\n\tb: 1\n' })
    const sarif = await run('./tab.yaml', '-o', 'sarif')
    expect([sarif.exit, JSON.parse(sarif.out).runs[0].invocations[0].executionSuccessful]).toEqual([65, false])
    expect((await run('./tab.yaml', '-o', 'junit')).out).toContain('errors="1"')
  })

  it('is the same for the files of -f: without them nothing can be said', async () => {
    await put({ 'a.yaml': '' })
    expect(await run('./a.yaml', '-f', `${folder}/none.yaml`)).toEqual({
      exit: 65,
      out: '',
      err: 'evenly: none.yaml cannot be read (ENOENT): check its path and rights\n',
    })
  })

  it('counts nothing where nothing could be read', async () => {
    expect(await run('./none.yaml')).toEqual({
      exit: 65,
      out: '',
      err: 'evenly: none.yaml cannot be read (ENOENT): check its path and rights\n',
    })
  })
})

describe('arguments that make no sense', () => {
  beforeEach(() => put({ 'values.yaml': '', 'm.yaml': pinned, 'chart/Chart.yaml': 'name: a\n' }))

  it.each([
    [
      ['./m.yaml', '-o', 'xml'],
      /^option '-o, --output <format>' argument 'xml' is invalid\. Allowed choices are text, json, sarif, junit\.$/,
    ],
    [['./m.yaml', '--severity', 'warning'], /Allowed choices are error, advice\.$/],
    [['./m.yaml', '--mesh', 'consul'], /Allowed choices are istio, ambient, linkerd\.$/],
    [
      ['./m.yaml', '--set', 'replicaCount'],
      /^option '--set <key=value>' argument 'replicaCount' is invalid\. It must be like <key=value>\.$/,
    ],
    [
      ['./m.yaml', '--ignore', 'cluster-ip-pins'],
      /It must be 'RULE: REASON', such as 'cluster-ip-pins: one pod on purpose'\.$/,
    ],
    [
      ['./m.yaml', '--ignore', 'cluster-ip-pin: x'],
      /^--ignore: there is no rule cluster-ip-pin; did you mean cluster-ip-pins\?$/,
    ],
    [['./m.yaml', '--ignore', 'zzz: x'], /^--ignore: there is no rule zzz: evenly explain lists them all$/],
    [['./m.yaml', '--nonsense'], /^unknown option '--nonsense'$/],
    [
      ['./m.yaml', '--set', 'a=1'],
      /^-f and --set go over values files, and there are manifests alone: leave them out, or give them to helm template$/,
    ],
    [['./values.yaml', '--mesh', 'istio'], /^--mesh is about manifests, and there are values alone: /],
    [
      ['./chart'],
      /^chart is a Helm chart, whose templates are no manifests yet: render it first, helm template NAME chart \| evenly check -$/,
    ],
  ])('are refused in one sentence with exit 64: %j', async (args, sentence) => {
    const { exit, out, err } = await run(...args)
    expect([exit, out]).toEqual([64, ''])
    expect(err.replace(/^evenly: /, '').trimEnd()).toMatch(sentence)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  it('are none at all, on a terminal', async () => {
    const before = Object.getOwnPropertyDescriptor(process.stdin, 'isTTY')
    Object.defineProperty(process.stdin, 'isTTY', { value: true, configurable: true })
    try {
      const { exit, err } = await run()
      expect([exit, err]).toEqual([
        64,
        'evenly: there is nothing to check: name files or folders, or pipe manifests in: evenly check --help\n',
      ])
    } finally {
      if (before) Object.defineProperty(process.stdin, 'isTTY', before)
      else Reflect.deleteProperty(process.stdin, 'isTTY')
    }
  })
})
