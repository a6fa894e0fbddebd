import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { KubernetesApi } from '../../../../services/echo/src/balancing/endpoint-slices/kubernetes-api.ts'
import { type Certificates, makeCertificates, noCertificates } from '../../../lookaside/support/certificates.ts'
import { FakeApi } from './fake-api.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const signal = AbortSignal.timeout(60_000)

describe('where the API server is', () => {
  it("is told by a pod's environment", () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1')
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '6443')
    expect(new KubernetesApi().url).toBe('https://10.96.0.1:6443')
    vi.stubEnv('KUBERNETES_SERVICE_HOST', 'fd00::1')
    expect(new KubernetesApi().url).toBe('https://[fd00::1]:6443')
    expect(new KubernetesApi({ url: 'http://127.0.0.1:8001/' }).url).toBe('http://127.0.0.1:8001')
  })

  it('is asked for outside a cluster, and where the URL is none', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', undefined)
    expect(() => new KubernetesApi()).toThrow(/^this process runs in no cluster .*: give the URL of an API server$/)
    for (const url of ['', '127.0.0.1:8001', 'ftp://host', 'http://']) {
      expect(() => new KubernetesApi({ url })).toThrow(
        / is no URL of an API server: write http:\/\/127\.0\.0\.1:8001, say$/,
      )
    }
  })
})

it.skipIf(process.platform !== 'linux')(
  'has the kernel see whether the other end of a silent watch is still there',
  async () => {
    const fake = new FakeApi()
    await fake.start()
    const stop = new AbortController()
    const response = await new KubernetesApi({ url: fake.url }).get('/x', { watch: 'true' }, stop.signal)
    const port = (response.socket.localPort as number).toString(16).toUpperCase().padStart(4, '0')
    const socket = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .find(([, local]) => local?.endsWith(`:${port}`))
    // tr:tm->when of proc(5): 2 is the timer for keepalive, in hundredths of a second.
    const [timer, hundredths] = (socket?.[5] ?? '').split(':')
    expect(timer).toBe('02')
    expect(Number.parseInt(hundredths ?? '', 16) / 100).toBeLessThanOrEqual(15)
    // An agent of Node itself would ask after a second.
    expect(Number.parseInt(hundredths ?? '', 16) / 100).toBeGreaterThan(2)
    stop.abort()
    await fake.stop()
  },
)

describe.skipIf(noCertificates)(`an API server over TLS${noCertificates && ` (skipped: ${noCertificates})`}`, () => {
  let certificates: Certificates
  let folder: string
  let server: Server
  let url: string
  const asked: IncomingHttpHeaders[] = []

  beforeAll(async () => {
    certificates = await makeCertificates()
    folder = await mkdtemp(join(tmpdir(), 'evenly-kubernetes-api-'))
    const { cert, key } = certificates.server
    server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
      asked.push(request.headers)
      response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await certificates.remove()
    await rm(folder, { recursive: true })
  })

  async function get(api: KubernetesApi): Promise<string | undefined> {
    const response = await api.get('/x', {}, signal)
    await response.resume().toArray()
    return asked.at(-1)?.authorization
  }

  it('is asked with the token that is in the file now, over a connection that stays', async () => {
    const tokenFile = join(folder, 'token')
    const api = new KubernetesApi({ url, tokenFile, caFile: certificates.ca })
    await writeFile(tokenFile, 'first\n')
    expect(await get(api)).toBe('Bearer first')
    await writeFile(tokenFile, 'second\n')
    expect(await get(api)).toBe('Bearer second')
  })

  it('is asked without a token where no file is named', async () => {
    expect(await get(new KubernetesApi({ url, caFile: certificates.ca }))).toBeUndefined()
  })

  it('is not trusted when another authority has signed its certificate, until the file is exchanged', async () => {
    const caFile = join(folder, 'ca.crt')
    const other = await makeCertificates()
    await writeFile(caFile, readFileSync(other.ca))
    await other.remove()
    const api = new KubernetesApi({ url, caFile })
    await expect(get(api)).rejects.toThrow(/certificate/)
    await writeFile(caFile, readFileSync(certificates.ca))
    await get(api)
    await expect(get(new KubernetesApi({ url }))).rejects.toThrow(/certificate/)
  })
})

it('sends no token over plain HTTP', async () => {
  const fake = new FakeApi()
  await fake.start()
  let authorization: string | undefined = 'not asked'
  fake.onList = (request, response) => {
    authorization = request.headers.authorization
    response.end()
  }
  const response = await new KubernetesApi({ url: fake.url, tokenFile: '/nowhere' }).get('/x', {}, signal)
  await response.resume().toArray()
  expect(authorization).toBeUndefined()
  await fake.stop()
})
