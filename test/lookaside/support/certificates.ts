import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { whatItSays } from '../../../scripts/lib/tools.ts'
import type { KeyPair } from './control-plane.ts'

/** What is missing to make certificates, in a sentence; '' when nothing is. */
export const noCertificates =
  (await whatItSays('openssl', ['version'])) === '' ? 'there is no openssl on PATH to make certificates with' : ''

/** An authority of its own, and a certificate for 127.0.0.1 that it has signed. */
export interface Certificates {
  readonly ca: string
  readonly server: KeyPair
  remove(): Promise<void>
}

export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'evenly-certificates-'))
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args)
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1\n')
  await openssl(
    'req',
    '-x509',
    ...fresh,
    '-subj',
    '/CN=evenly tests',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
  )
  await openssl('req', ...fresh, '-subj', '/CN=lookaside', '-keyout', file('tls.key'), '-out', file('tls.csr'))
  const signing = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '1']
  await openssl('x509', '-req', '-in', file('tls.csr'), ...signing, '-extfile', file('names'), '-out', file('tls.crt'))
  const server = { cert: file('tls.crt'), key: file('tls.key') }
  return { ca: file('ca.crt'), server, remove: () => rm(folder, { recursive: true, force: true }) }
}
