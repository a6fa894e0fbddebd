import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseAddresses } from '../../../scripts/lab/addresses.ts'
import { type Running, runEcho } from '../../support/echo-command.ts'
import type { FakeKubernetes } from '../../support/fake-kubernetes-api.ts'

/** Files of a certificate, in PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface ControlPlaneOptions {
  /** What its file holds: `services`, `discover` and so on. */
  readonly config: object
  /** Default: plaintext. */
  readonly tls?: KeyPair
}

/** `echo --lookaside` in a process of its own, always at the same address. */
export class ControlPlane {
  /** `address:port` that clients ask. */
  readonly address: string
  private readonly kubernetes: FakeKubernetes
  private readonly folder: string
  private readonly tls: KeyPair | undefined
  private process: Running | undefined
  private admin = ''

  static async start(kubernetes: FakeKubernetes, { config, tls }: ControlPlaneOptions): Promise<ControlPlane> {
    const folder = await mkdtemp(join(tmpdir(), 'evenly-lookaside-'))
    const address = (await chooseAddresses(1, true)).server(0)
    const plane = new ControlPlane(kubernetes, folder, address, tls)
    await plane.configure(config)
    await plane.restart()
    return plane
  }

  private constructor(kubernetes: FakeKubernetes, folder: string, address: string, tls: KeyPair | undefined) {
    this.kubernetes = kubernetes
    this.folder = folder
    this.address = address
    this.tls = tls
  }

  /** Writes its file anew, as Kubernetes does when a ConfigMap changes. */
  configure(config: object): Promise<void> {
    return writeFile(this.file, JSON.stringify(config))
  }

  async restart(): Promise<void> {
    const tls = this.tls === undefined ? [] : ['--tls-cert', this.tls.cert, '--tls-key', this.tls.key]
    const where = [
      '--xds-listen',
      this.address,
      '--admin-listen',
      '127.0.0.1:0',
      '--kubernetes-api',
      this.kubernetes.url,
    ]
    this.process = runEcho(['--lookaside', ...where, '--lookaside-config', this.file, ...tls])
    const [, admin = ''] = await this.process.printed(/admin on (\S+?),?\s/)
    this.admin = admin
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.process?.kill('SIGKILL')
    await this.process?.ended
  }

  /** What it printed so far. */
  output(): string {
    return this.process?.output() ?? ''
  }

  /** The sum of a metric over its labels; 0 when it has no series. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.admin}/metrics`)).text()
    const values = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  private get file(): string {
    return join(this.folder, 'lookaside.json')
  }
}
