import type { Pod } from '../../../scripts/cluster/pod.ts'
import { judge, type Verdict } from '../../../scripts/lib/verdict.ts'
import { type Manifest, type Outcome, runTool } from '../../chart/helm.ts'
import { imageUnderTest, type Namespace } from './namespace.ts'
import { ordersImage } from './orders-image.ts'
import { type PodEnd, runPod } from './run-pod.ts'

/** How `helm test` ended, and the pod that it ran. */
export interface TestEnd extends PodEnd {
  readonly passed: boolean
}

/** A release of the service in fixtures/orders, installed as its team would: values/orders.yaml and where the image is. */
export class OrdersRelease {
  private readonly namespace: Namespace
  private readonly name: string
  private readonly helm: 'helm' | 'helm3'

  constructor(namespace: Namespace, name = 'orders', helm: 'helm' | 'helm3' = 'helm') {
    this.namespace = namespace
    this.name = name
    this.helm = helm
  }

  /**
   * Installs or upgrades it with these values beside the file's, `KEY=VALUE` each, and waits until it is as they say.
   * Resolves to what Helm prints, the chart's notes among it.
   */
  async install(...values: string[]): Promise<string> {
    const image = `image.repository=${ordersImage.repository},image.tag=${ordersImage.tag}`
    const sets = ['--set', image, ...imageUnderTest('client'), ...values.flatMap((value) => ['--set', value])]
    const how = ['-f', 'values/orders.yaml', ...sets, '--wait', '--timeout', '120s']
    const { code, stderr, stdout } = await this.run('upgrade', '--install', this.name, 'charts/echo', ...how)
    if (code !== 0) throw new Error(`${this.helm} ... ${how.join(' ')} (exit ${code}): ${stderr.trim()}`)
    return stdout
  }

  /** Uninstalls it; resolves to the exit codes of its servers once they are gone. */
  async uninstall(): Promise<(number | undefined)[]> {
    const names = this.servers().map(({ name }) => name)
    await this.run('uninstall', this.name)
    const { pods } = this.namespace
    const gone = () => pods.all().filter((pod) => pod.gone && names.includes(pod.name))
    await pods.until(`the servers of ${this.name} to be gone`, 90, () => gone().length === names.length)
    return gone().map(({ exitCode }) => exitCode)
  }

  async test(): Promise<TestEnd> {
    const { code, stderr } = await this.run('test', this.name, '--timeout', '120s')
    const { status } = await this.testPod()
    const exitCode = status.containerStatuses?.[0]?.state.terminated?.exitCode ?? -1
    const log = await this.namespace.kubectl('logs', `${this.name}-test`, '-c', 'call')
    return { passed: code === 0, exitCode, log: log + stderr }
  }

  /** The pod of the last `helm test`. */
  async testPod(): Promise<Manifest> {
    return JSON.parse(await this.namespace.kubectl('get', 'pod', `${this.name}-test`, '-o', 'json'))
  }

  /** The pods that take orders. */
  servers(): Pod[] {
    return this.namespace.pods.of(this.name).filter(({ name }) => name !== `${this.name}-test`)
  }

  /** Places orders from a client in Go that goes by the target and the service config of the release's ConfigMap. */
  buyAsTold(buyer: string, orders: number): Promise<PodEnd> {
    const name = `${this.name}-service-config`
    const env = [{ name: 'TARGET', valueFrom: { configMapKeyRef: { name, key: 'target' } } }]
    const config = { volumeMounts: [{ name: 'config', mountPath: '/config' }], env }
    const told = buying(buyer, orders, '$(TARGET)', '--service-config=/config/service-config.json')
    return runPod(this.namespace, buyer, { ...told, ...config }, { volumes: [{ name: 'config', configMap: { name } }] })
  }

  /** Places orders from the same client as gRPC comes: one address, no service config. */
  buyAt(target: string, buyer: string, orders: number): Promise<PodEnd> {
    return runPod(this.namespace, buyer, buying(buyer, orders, target))
  }

  /** The verdict on how the orders of a buyer spread over the servers, as the servers' own logs tell. */
  async judge(buyer: string): Promise<Verdict> {
    const logsOf = ({ name }: Pod) => this.namespace.kubectl('logs', name, '-c', 'orders')
    const logs = await Promise.all(this.servers().map(logsOf))
    const taken = logs.map((log) => log.split('\n').filter((line) => line.endsWith(` for ${buyer}`)).length)
    return judge(taken, { policy: 'random' })
  }

  private run(...args: string[]): Promise<Outcome> {
    return runTool(this.helm, [...args, '-n', this.namespace.name])
  }
}

/** One order after another, so slowly that no connection is late for many of them. */
function buying(buyer: string, orders: number, target: string, ...args: string[]) {
  const command = ['/buy', `--target=${target}`, `--buyer=${buyer}`, `--orders=${orders}`, '--pause=10ms', ...args]
  return { image: ordersImage.name, command }
}
