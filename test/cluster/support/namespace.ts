import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot, runTool } from '../../chart/helm.ts'
import { kubectl } from './kubectl.ts'
import { PodWatch } from './pod-watch.ts'

/** A plain namespace that holds pods to the Pod Security Standard `restricted` and no mesh enters. */
export class Namespace {
  readonly name: string
  private readonly suite: string
  private watch: PodWatch | undefined

  constructor(suite: string) {
    this.suite = suite
    this.name = `evenly-${suite}-${randomBytes(3).toString('hex')}`
  }

  get pods(): PodWatch {
    if (this.watch === undefined) throw new Error(`namespace ${this.name} is not there yet`)
    return this.watch
  }

  async create(): Promise<void> {
    const labels = {
      'app.kubernetes.io/part-of': 'evenly',
      'app.kubernetes.io/managed-by': 'evenly-tests',
      'pod-security.kubernetes.io/enforce': 'restricted',
      'istio-injection': 'disabled',
    }
    const metadata = { name: this.name, labels, annotations: { 'linkerd.io/inject': 'disabled' } }
    await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }))
    this.watch = await PodWatch.start(this.name)
  }

  /** Begins the deletion; whoever comes next need not wait for its end. */
  async delete(): Promise<void> {
    this.watch?.stop()
    await kubectl(['delete', 'namespace', this.name, '--ignore-not-found', '--wait=false'])
  }

  kubectl(...args: string[]): Promise<string> {
    return kubectl(['-n', this.name, ...args])
  }

  /** Installs or upgrades a release of the chart with these values, and waits until it is as they say. */
  install(release: string, values: object): Promise<string> {
    const args = ['upgrade', '--install', release, 'charts/echo', '-f', '-', '--wait', '--timeout', '120s']
    return this.helm(args, JSON.stringify(values))
  }

  /** Runs Helm here, from the top of the project, with the image under test. */
  async helm(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await runTool('helm', [...args, '-n', this.name, ...imageUnderTest()], input)
    if (code !== 0) throw new Error(`helm ${args.join(' ')} (exit ${code}): ${stderr.trim()}`)
    return stdout
  }

  /** Writes what tells why a test failed to test-results/SUITE. */
  async keepArtefacts(): Promise<void> {
    const folder = join(projectRoot, 'test-results', this.suite)
    await mkdir(folder, { recursive: true })
    const keep = async (file: string, text: Promise<string>) =>
      writeFile(join(folder, file), await text.catch((error: Error) => error.message))
    const logs = (this.watch?.all() ?? [])
      .filter(({ gone }) => !gone)
      .map(({ name }) => keep(`${name}.log`, this.kubectl('logs', name, '--timestamps')))
    await Promise.all([
      ...logs,
      keep('pods.jsonl', Promise.resolve(this.watch?.events.join('\n') ?? '')),
      keep('events.txt', this.kubectl('get', 'events', '--sort-by=.lastTimestamp', '-o', 'wide')),
      keep('all.yaml', this.kubectl('get', 'all', '-o', 'yaml')),
    ])
    process.stderr.write(`${this.suite}: logs, events and objects of ${this.name} are in ${folder}\n`)
  }
}

/** `--set` of `EVENLY_IMAGE`, REPOSITORY:TAG, for a part of a chart; without it the chart's own default stands. */
export function imageUnderTest(part = ''): string[] {
  const image = process.env.EVENLY_IMAGE
  if (!image) return []
  const colon = image.lastIndexOf(':')
  if (colon <= image.lastIndexOf('/')) throw new Error(`EVENLY_IMAGE ${image}: the tag is missing: write ${image}:TAG.`)
  const [repository, tag] = [image.slice(0, colon), image.slice(colon + 1)]
  const key = part === '' ? 'image' : `${part}.image`
  return ['--set-string', `${key}.repository=${repository},${key}.tag=${tag}`]
}
