import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { experimental, ServerCredentials } from '@grpc/grpc-js'
import { badInput, usageError } from '../../../../scripts/lib/exit.ts'
import { watchFiles } from './watched-file.ts'

/** How clients are served, and what goes on for that. */
export interface ReloadedCredentials {
  readonly credentials: ServerCredentials
  readonly name: 'TLS' | 'plaintext'
  close(): void
}

/** Files of `--tls-cert` and `--tls-key`. */
interface TlsFiles {
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
}

/**
 * TLS with the certificate of the files, and with the next one when they change; plaintext where there are none.
 * @param say told once of each certificate that is taken, or that cannot be used, while the last good one stays
 * @throws EvenlyError (exit 64 or 65) of one sentence
 */
export function serverCredentials({ tlsCert, tlsKey }: TlsFiles, say: (sentence: string) => void): ReloadedCredentials {
  if (tlsCert === undefined && tlsKey === undefined) {
    return { credentials: ServerCredentials.createInsecure(), name: 'plaintext', close: () => {} }
  }
  if (tlsCert === undefined || tlsKey === undefined) {
    throw usageError('--tls-cert is the certificate and --tls-key its private key: give both or neither.')
  }
  const files = [tlsCert, tlsKey]
  const first = readNow(files)
  const provider = new LatestCertificate(checked(first, files))
  const watch = watchFiles(
    files,
    first,
    (contents) => {
      try {
        provider.take(checked(contents, files))
        say(`${tlsCert}: has changed, and is served from now on`)
      } catch (error) {
        say(`${(error as Error).message}; the last good certificate stays`)
      }
    },
    (error) => say(`${error.message}: the last good certificate stays`),
  )
  // grpc-js hands its first two arguments on in the wrong order: the first is the server's own certificate, the second that of
  // clients' authorities, which may be missing.
  const credentials = experimental.createCertificateProviderServerCredentials(provider, null, false)
  return { credentials, name: 'TLS', close: () => watch.close() }
}

type Identity = experimental.IdentityCertificateUpdate

/** What grpc-js asks for the certificate. Its own reader of files takes a certificate and a key that do not belong together. */
class LatestCertificate implements experimental.CertificateProvider {
  private identity: Identity
  private readonly listeners = new Set<experimental.IdentityCertificateUpdateListener>()

  constructor(identity: Identity) {
    this.identity = identity
  }

  take(identity: Identity): void {
    this.identity = identity
    for (const listener of this.listeners) listener(identity)
  }

  addIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.listeners.add(listener)
    process.nextTick(() => listener(this.identity))
  }

  removeIdentityCertificateListener(listener: experimental.IdentityCertificateUpdateListener): void {
    this.listeners.delete(listener)
  }

  addCaCertificateListener(): void {}

  removeCaCertificateListener(): void {}
}

function readNow(files: readonly string[]): string[] {
  return files.map((file) => {
    try {
      return readFileSync(file, 'utf8')
    } catch (error) {
      throw badInput(`${file}: ${(error as Error).message}: give a file in PEM`)
    }
  })
}

function checked([certificate = '', privateKey = '']: readonly string[], [cert, key]: readonly string[]): Identity {
  try {
    createSecureContext({ cert: certificate, key: privateKey })
  } catch (error) {
    throw badInput(`${cert} and ${key}: ${(error as Error).message}: give a certificate and its private key, in PEM`)
  }
  return { certificate: Buffer.from(certificate), privateKey: Buffer.from(privateKey) }
}
