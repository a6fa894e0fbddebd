import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerCredentials } from '@grpc/grpc-js'
import { Registry } from '@prometheus-io/client'
import { KubernetesApi } from '../../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts'
import { ControlPlane } from '../../../services/echo/src/lookaside/control-plane.ts'
import { FakeKubernetes } from '../../support/fake-kubernetes-api.ts'

/** A control plane in this process, with an API server of its own. */
export interface RunningPlane {
  readonly plane: ControlPlane
  readonly address: string
  readonly fake: FakeKubernetes
  readonly registry: Registry
  /** What it has said. */
  readonly said: string[]
  /** Puts another config in the file. */
  configure(config: object): void
  /** The value of a metric; `labels` as the text format has them, such as `{type="eds"}`. */
  metric(name: string, labels?: string): Promise<number>
  close(): Promise<void>
}

/** @param prepare puts in the cluster what is there from the beginning */
export async function startPlane(
  config: object,
  prepare: (fake: FakeKubernetes) => void = () => {},
): Promise<RunningPlane> {
  const fake = await FakeKubernetes.start()
  prepare(fake)
  const started = await startReplica(fake, config)
  return {
    ...started,
    async close() {
      await started.close()
      await fake.close()
    },
  }
}

/** One more control plane on the same API server, or on none that answers. */
export async function startReplica(fake: FakeKubernetes, config: object, url = fake.url): Promise<RunningPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'evenly-lookaside-'))
  const configFile = join(folder, 'lookaside.json')
  const configure = (content: object) => writeFileSync(configFile, JSON.stringify(content))
  configure(config)
  const said: string[] = []
  const registry = new Registry()
  const { plane, address } = await ControlPlane.start({
    api: new KubernetesApi({ url }),
    configFile,
    listen: '127.0.0.1:0',
    credentials: ServerCredentials.createInsecure(),
    keepaliveTimeSeconds: 0,
    keepaliveTimeoutSeconds: 20,
    registry,
    say: (sentence) => said.push(sentence),
  })
  return {
    plane,
    address,
    fake,
    registry,
    said,
    configure,
    async metric(name, labels = '') {
      const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${name}${labels} `))
      return Number(line?.split(' ').at(-1))
    },
    async close() {
      await plane.close(2)
      rmSync(folder, { recursive: true })
    },
  }
}
