import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { Server } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverCredentials } from '../../../services/echo/src/lookaside/server-credentials.ts'
import { waitFor } from './wait-for.ts'

let folder: string
const opened: (() => unknown)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenly-tls-'))
})
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close()
  rmSync(folder, { recursive: true })
})

/** A certificate for this name, in a folder of its own, to which `current` then leads, as Kubernetes mounts a Secret. */
function mount(name: string): { tlsCert: string; tlsKey: string } {
  const made = mkdtempSync(join(folder, 'mounted-'))
  const [key, cert] = [join(made, 'tls.key'), join(made, 'tls.crt')]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  symlinkSync(made, join(folder, 'next'))
  renameSync(join(folder, 'next'), join(folder, 'current'))
  return { tlsCert: join(folder, 'current', 'tls.crt'), tlsKey: join(folder, 'current', 'tls.key') }
}

/** The name in the certificate that is served. */
function served(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

async function serve(files: { tlsCert: string; tlsKey: string }) {
  const said: string[] = []
  const { credentials, name, close } = serverCredentials(files, (sentence) => said.push(sentence))
  opened.push(close)
  const server = new Server()
  opened.push(() => server.forceShutdown())
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  )
  return { said, port, name }
}

describe('the credentials of the control plane', () => {
  it('are plaintext without files', () => {
    expect(serverCredentials({ tlsCert: undefined, tlsKey: undefined }, () => {}).name).toBe('plaintext')
  })

  it('serve the certificate of the files, and the next one when a mount changes', async () => {
    const { said, port, name } = await serve(mount('first.example'))
    expect(name).toBe('TLS')
    expect(await served(port)).toBe('first.example')
    mount('second.example')
    await waitFor(async () => (await served(port)) === 'second.example', 'the next certificate')
    expect(said).toEqual([expect.stringContaining('has changed, and is served from now on')])
  })

  it('keep the last good certificate when the next cannot be used', async () => {
    const files = mount('first.example')
    const { said, port } = await serve(files)
    const key = readFileSync(files.tlsKey)
    mount('second.example')
    writeFileSync(files.tlsKey, key)
    await waitFor(() => said.length > 0, 'the sentence')
    expect(said).toEqual([expect.stringMatching(/tls\.crt and .*tls\.key: .*; the last good certificate stays$/)])
    expect(await served(port)).toBe('first.example')
  })

  it.each([
    [
      { tlsCert: 'a.crt', tlsKey: undefined },
      64,
      '--tls-cert is the certificate and --tls-key its private key: give both or neither.',
    ],
    [{ tlsCert: '/no/such.crt', tlsKey: '/no/such.key' }, 65, '/no/such.crt: '],
  ])('refuse %j', (files, exitCode, sentence) => {
    const refused = () => serverCredentials(files, () => {})
    expect(refused).toThrow(expect.objectContaining({ exitCode, message: expect.stringContaining(sentence) }))
  })
})
