import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Cluster } from '../../../scripts/cluster/cluster.ts'
import { imageValues } from '../../../scripts/cluster/image.ts'
import { Namespace as OwnNamespace } from '../../../scripts/cluster/namespace.ts'
import type { PodWatch } from '../../../scripts/cluster/pod-watch.ts'
import { projectRoot } from '../../chart/helm.ts'

/** A plain namespace that holds pods to the Pod Security Standard `restricted` and no mesh enters. */
export class Namespace {
  readonly cluster = new Cluster()
  private readonly suite: string
  private readonly own: OwnNamespace

  constructor(suite: string) {
    this.suite = suite
    this.own = new OwnNamespace(this.cluster, suite)
  }

  get name(): string {
    return this.own.name
  }

  get pods(): PodWatch {
    return this.own.pods
  }

  create(): Promise<void> {
    const labels = {
      'app.kubernetes.io/managed-by': 'evenly-tests',
      'pod-security.kubernetes.io/enforce': 'restricted',
      'istio-injection': 'disabled',
    }
    return this.own.create(labels, { 'linkerd.io/inject': 'disabled' })
  }

  /** Begins the deletion; whoever comes next need not wait for its end. */
  async delete(): Promise<void> {
    await this.own.delete()
  }

  kubectl(...args: string[]): Promise<string> {
    return this.own.kubectl(...args)
  }

  /** Installs or upgrades a release of the chart with these values, and waits until it is as they say. */
  install(release: string, values: object): Promise<string> {
    const args = ['upgrade', '--install', release, 'charts/echo', '-f', '-', '--wait', '--timeout', '120s']
    return this.helm(args, JSON.stringify(values))
  }

  /** Runs Helm here, from the top of the project, with the image under test. */
  helm(args: readonly string[], input = ''): Promise<string> {
    return this.cluster.helm([...args, '-n', this.name, ...imageUnderTest()], input)
  }

  /** Writes what tells why a test failed to test-results/SUITE. */
  async keepArtefacts(): Promise<void> {
    const folder = join(projectRoot, 'test-results', this.suite)
    await mkdir(folder, { recursive: true })
    const keep = async (file: string, text: Promise<string>) =>
      writeFile(join(folder, file), await text.catch((error: Error) => error.message))
    const { exists } = this.own
    const logs = (exists ? this.pods.all() : [])
      .filter(({ gone }) => !gone)
      .map(({ name }) => keep(`${name}.log`, this.kubectl('logs', name, '--timestamps')))
    await Promise.all([
      ...logs,
      keep('pods.jsonl', Promise.resolve(exists ? this.pods.events.join('\n') : '')),
      keep('events.txt', this.kubectl('get', 'events', '--sort-by=.lastTimestamp', '-o', 'wide')),
      keep('all.yaml', this.kubectl('get', 'all', '-o', 'yaml')),
    ])
    process.stderr.write(`${this.suite}: logs, events and objects of ${this.name} are in ${folder}\n`)
  }
}

/** `--set` of `EVENLY_IMAGE`, REPOSITORY:TAG, for a part of a chart; without it the chart's own default stands. */
export function imageUnderTest(part = ''): string[] {
  const { image } = imageValues(process.env.EVENLY_IMAGE)
  if (image === undefined) return []
  const key = part === '' ? 'image' : `${part}.image`
  return [
    '--set-string',
    Object.entries(image)
      .map(([field, value]) => `${key}.${field}=${value}`)
      .join(','),
  ]
}
