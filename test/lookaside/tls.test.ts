import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { endCommands } from '../support/echo-command.ts'
import { FakeKubernetes } from '../support/fake-kubernetes-api.ts'
import { whereThereIs } from '../support/where-there-is.ts'
import { Backends } from './support/backends.ts'
import { type BootstrapOptions, bootstrapFor } from './support/bootstrap.ts'
import { type Certificates, makeCertificates, noCertificates } from './support/certificates.ts'
import { ControlPlane } from './support/control-plane.ts'
import { buildForeignClient, ForeignClient, noForeignClient } from './support/foreign-client.ts'

const two = ['pod-1', 'pod-2']

whereThereIs('a control plane with TLS', noForeignClient || noCertificates, () => {
  let kubernetes: FakeKubernetes
  let backends: Backends
  let plane: ControlPlane
  let program: Awaited<ReturnType<typeof buildForeignClient>>
  let [trusted, strange]: Certificates[] = []
  let client: ForeignClient | undefined

  beforeAll(async () => {
    ;[program, kubernetes] = await Promise.all([buildForeignClient(), FakeKubernetes.start()])
    ;[trusted, strange] = await Promise.all([makeCertificates(), makeCertificates()])
    backends = await Backends.start(kubernetes, two)
    backends.list('orders', two)
    const config = { services: { 'orders.shop:8080': { backends: [{ service: 'orders.shop:grpc', weight: 1 }] } } }
    plane = await ControlPlane.start(kubernetes, { config, tls: trusted.server })
  }, 600_000)
  afterEach(() => client?.stop())
  afterAll(async () => {
    await plane?.stop()
    await endCommands()
    await backends?.stop()
    await kubernetes?.close()
    await Promise.all([program?.remove(), trusted?.remove(), strange?.remove()])
  })

  it('tells a client of grpc-go that trusts its certificate of the pods', async () => {
    const tally = await call({ caFile: trusted?.ca as string })
    expect(tally).toMatchObject({ failed: 0, counts: { 'pod-1': expect.any(Number), 'pod-2': expect.any(Number) } })
  })

  it.each([
    ['trusts somebody else', () => ({ caFile: strange?.ca as string }), /certificate signed by unknown authority/],
    ['speaks plain text', () => ({}), /error reading server preface|connection (reset|closed)|EOF|broken pipe/],
  ])('tells nothing to a client that %s', async (_who, options, why) => {
    expect(await call(options())).toMatchObject({ counts: {}, failed: 1 })
    expect(client?.warnings).toMatch(why)
  })

  /** One call of those that fail takes as long as gRPC waits for a name. */
  async function call(options: BootstrapOptions) {
    client = new ForeignClient(program.folder, 'xds:///orders.shop:8080', bootstrapFor(plane.address, options))
    return client.call({ calls: options.caFile === trusted?.ca ? 100 : 1 })
  }
})
