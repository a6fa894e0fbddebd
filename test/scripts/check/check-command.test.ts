import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { checkCommand } from '../../../scripts/commands/check.ts'
import { inProcess, inSurroundingsOfItsOwn } from '../../support/in-process-cli.ts'

let folder: string
inSurroundingsOfItsOwn()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenly-check-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function run(...args: string[]): Promise<{ exit: unknown; out: string; err: string }> {
  const { exit, out, err } = await inProcess(checkCommand(), args)
  const plain = (text: string) => text.replaceAll(`${folder}/`, '')
  return { exit, out: plain(out), err: plain(err) }
}

async function file(text: string | Buffer, name = 'values.yaml'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('evenly check', () => {
  it('has nothing against the defaults, nor against a file without a mistake', async () => {
    expect(await run(await file(''))).toEqual({ exit: 0, out: '', err: 'no mistakes, no warnings\n' })
    expect((await run(await file('client: {enabled: yes}\nenabled: true\n'))).exit).toBe(0)
  })

  it('tells what is wrong with a value by itself, where, and what was meant', async () => {
    const text = `replicaCout: 3
image:
  tag: 1.1
  digest: sha256:12
mode: "servr"
client:
  args: [-h, {x: 1}]
  requests: "5"
  kind: null
loadBalancing:
  timeout: 5 seconds
ports:
  grpc: {containerPort: 70000, port: 80}
env:
  A B: x
service: {enabled: "yes", annotations: {a: [1]}}
imagePullSecrets: [{nam: a}]
global: {imageRegisty: r, storageClass: fast}
replicaCount: -1
`
    const { exit, out, err } = await run(await file(text))
    expect(out.split('\n')).toEqual([
      'values.yaml:1:1: replicaCout: there is no such key; did you mean replicaCount? [unknown-key]',
      'values.yaml:3:3: image.tag: 1.1 is a fraction, and text is wanted; write "1.1". [wrong-type]',
      'values.yaml:4:3: image.digest: "sha256:12" is not a digest; write sha256: and 64 hexadecimal digits. [wrong-form]',
      'values.yaml:5:1: mode: "servr" is none of "auto", "server" or "client"; did you mean server? [wrong-value]',
      'values.yaml:7:14: client.args[1]: {"x":1} is a map, and text, a number or true or false is wanted; write text, a number or true or false. [wrong-type]',
      'values.yaml:8:3: client.requests: "5" is text, and a whole number is wanted; write 5, without quotes. [wrong-type]',
      'values.yaml:9:3: client.kind: it is null, and nothing stands for unset there; leave it out to get its default, or say what it shall be. [null-value]',
      'values.yaml:11:3: loadBalancing.timeout: "5 seconds" is not a duration; write a whole number and ms, s, m or h, such as 30s. [wrong-form]',
      'values.yaml:13:10: ports.grpc.containerPort: 70000 is more than 65535; write 65535 or less. [wrong-number]',
      'values.yaml:13:32: ports.grpc.port: there is no such key; use one of enabled, containerPort, servicePort, nodePort, protocol, appProtocol, expose. [unknown-key]',
      'values.yaml:15:3: env.A B: no entry can have this name; use one that matches ^[A-Za-z_][A-Za-z0-9_.-]*$. [unknown-name]',
      'values.yaml:16:11: service.enabled: "yes" is text, and true or false is wanted; write true or false. [wrong-type]',
      'values.yaml:16:41: service.annotations.a: [1] is a list, and text, a number, true or false or null is wanted; write text, a number, true or false or null. [wrong-type]',
      'values.yaml:17:20: imagePullSecrets[0]: it has no name; add that. [missing-key]',
      'values.yaml:17:21: imagePullSecrets[0].nam: there is no such key; did you mean name? [unknown-key]',
      'values.yaml:18:10: global.imageRegisty: the chart has no such key; did you mean imageRegistry? [unknown-key] (warning)',
      'values.yaml:19:1: replicaCount: -1 is less than 0; write 0 or more. [wrong-number]',
      '',
    ])
    expect([exit, err]).toEqual([79, '16 mistakes, 1 warning\n'])
  })

  it('tells what does not go together, at the key that the sentence names, or around it', async () => {
    const text =
      'client:\n  enabled: true\n  kind: Job\nautoscaling:\n  enabled: true\nmode: server\nargs: [-h, "x:1"]\n'
    expect((await run(await file(text))).out.split('\n').map((line) => line.replace(/ .*(?=\[)/, ' '))).toEqual([
      'values.yaml:1:1: [job-ends]',
      'values.yaml:1:1: [autoscaling-requests]',
      'values.yaml:7:1: [mode-args]',
      '',
    ])
  })

  it('lays files over each other as Helm does, and places a mistake where the value comes from', async () => {
    const base = await file('client:\n  enabled: true\n  kind: Job\n  requests: 300\nargs: [a]\n', 'base.yaml')
    const prod = await file('replicaCount: 2\nclient:\n  requests: null\n  rps: 5\n', 'prod.yaml')
    const last = await file('client: {concurrency: 10, rps: 5}\n', 'last.yaml')
    expect((await run(base)).exit).toBe(0)
    const { out, exit } = await run(base, '-f', prod, '--values', last)
    expect(out).toMatch(
      /^prod\.yaml:3:3: client\.requests: a Job .* \[job-ends\]\nlast\.yaml:1:27: client\.rps: .* \[client-pace\]\n$/,
    )
    expect(exit).toBe(79)
    const mended = await file('client: {requests: 5, concurrency: 0}\n', 'mended.yaml')
    expect((await run(base, '-f', prod, '-f', last, '-f', mended)).exit).toBe(0)
  })

  it('ends well where there are only warnings', async () => {
    const { exit, out, err } = await run(await file('loadBalancing: {policy: LEAST_CONN}\n'))
    const sentence =
      "LEAST_CONN is Istio's deprecated name, and LEAST_REQUEST is rendered; write leastRequest. [least-conn]"
    expect(out).toBe(`values.yaml:1:17: loadBalancing.policy: ${sentence} (warning)\n`)
    expect([exit, err]).toEqual([0, 'no mistakes, 1 warning\n'])
  })

  it('gives machines the same as JSON, an empty list for nothing', async () => {
    const { out, exit } = await run(await file('replicaCout: 1\nmode: client\n'), '-o', 'json')
    expect(JSON.parse(out)).toEqual([
      {
        file: expect.stringMatching(/values\.yaml$/),
        line: 1,
        column: 1,
        path: 'replicaCout',
        id: 'unknown-key',
        severity: 'error',
        message: 'there is no such key; did you mean replicaCount?',
        suggestion: 'replicaCount',
      },
      expect.objectContaining({ path: 'client.target', id: 'client-target', line: 1, column: 1, suggestion: null }),
    ])
    expect(exit).toBe(79)
    expect(await run(await file(''), '-o', 'json')).toEqual({ exit: 0, out: '[]\n', err: '' })
  })

  it('tells of null alone, because the rules cannot look further, but for what stands beside it', async () => {
    const { out } = await run(await file('shutdown: null\nargs: [-h]\nmode: server\nreplicaCout: 1\n'))
    expect(out.match(/\[[a-z-]+\]$/gm)).toEqual(['[object]', '[unknown-key]'])
  })

  it.each([
    [['a: 1\na: 2\n'], '2:1: a key stands twice in one map, and only one can hold: remove the other'],
    [['a:\n\tb: 1\n'], '2:1: a tab indents it, and YAML takes spaces alone: replace it by spaces'],
    [['a: 1\n---\nb: 1\n'], '2:1: another document begins here, and Helm reads the first alone: keep one'],
    [['a: [1\n'], /^2:1: this is no YAML \(.*\): correct it$/],
    [['a: b: c\n'], /^1:4: this is no YAML \(.*\): correct it$/],
    [['? [a]\n: 1\n'], '1:3: a key is no name, but nothing, a list or a map: write a name'],
    [['~: 1\n'], '1:1: a key is no name, but nothing, a list or a map: write a name'],
    [['a: \0'], 'values.yaml holds NUL bytes, so it is no YAML: save it as UTF-8 text'],
    [[Buffer.from([0xff, 0xfe])], 'values.yaml is no UTF-8 text: save it as UTF-8'],
    [['- a\n'], 'values.yaml holds a list, and values are KEY: VALUE: write keys'],
    [['a\n'], 'values.yaml holds one value, and values are KEY: VALUE: write keys'],
    [['a: *b\n'], /an alias leads nowhere \(.*\): write out what they stand for$/],
    [[bomb()], 'its aliases multiply to more than values ever are: write out what they stand for'],
    [[`a: ${'['.repeat(50_000)}`], 'values.yaml nests too deep to be values: flatten it'],
    [[`a: ${'{a: '.repeat(20_000)}${'}'.repeat(20_000)}`], 'values.yaml nests too deep to be values: flatten it'],
    [[`a: ${'x'.repeat(6_000_000)}`], 'values.yaml is larger than 5 MiB, which values never are: check its path'],
  ])('says in one sentence, and soon, why it cannot read %j', async ([text = ''], reason) => {
    const path = await file(text)
    const start = performance.now()
    const { exit, out, err } = await run(path)
    expect(performance.now() - start).toBeLessThan(5_000)
    expect([exit, out]).toEqual([65, ''])
    const said = err.replace(/^evenly: (values\.yaml: ?)?/, '').trimEnd()
    if (typeof reason === 'string') expect(said).toBe(reason)
    else expect(said).toMatch(reason)
  })

  it('says so when there is no such file', async () => {
    expect(await run(join(folder, 'none.yaml'))).toEqual({
      exit: 65,
      out: '',
      err: 'evenly: none.yaml cannot be read (ENOENT): check its path and rights\n',
    })
  })

  it.each([[[]], [['a.yaml', '-o', 'xml']], [['a.yaml', 'b.yaml']], [['a.yaml', '--nonsense']]])(
    'exits with 64 on arguments that make no sense: %j',
    async (args) => {
      const { exit, out, err } = await run(...args)
      expect([exit, out]).toEqual([64, ''])
      expect(err).toMatch(/^evenly: /)
    },
  )

  it('takes what an anchor and a merge key stand for', async () => {
    const text = 'x-a: &a {enabled: true}\nclient:\n  <<: *a\n  kind: Job\nserver: &s {maxConnectionAgeSeconds: 0}\n'
    const { out } = await run(await file(text))
    expect(out.match(/\[[a-z-]+\]$/gm)).toEqual(['[unknown-key]', '[job-ends]'])
  })

  it('takes any key for what it is', async () => {
    const odd = { podLabels: { constructor: 'a', toString: 'b' }, config: { files: { constructor: 'x' } } }
    expect(await run(await file(`${stringify(odd)}"__proto__": {a: 1}\n`))).toMatchObject({
      exit: 79,
      out: expect.stringContaining('__proto__: there is no such key'),
    })
  })
})

/** Ten aliases of ten aliases of ...: a billion entries from a kilobyte. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]\n`)
  return `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${levels.join('')}`
}
