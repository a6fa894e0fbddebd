import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { type PageFile, pageFiles } from './page-files.ts'

/** How a file is sent to who takes that encoding. */
export interface SentFile {
  readonly type: string
  readonly etag: string
  readonly encoding: Encoding
  readonly body: Buffer
}

type Encoding = 'br' | 'gzip' | 'identity'

const compressed: Record<Encoding, (text: Buffer) => Promise<Buffer>> = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
  identity: async (text) => text,
}

const sent = new Map<string, Promise<SentFile>>()

/**
 * A file of the page as `acceptEncoding` (the request's header) allows; undefined where there is none of that name. Each is
 * compressed once, off the main thread, when it is first asked for: a process that nobody looks at does not pay for it.
 */
export function pageAsset(name: string, acceptEncoding = ''): Promise<SentFile> | undefined {
  const file = pageFiles.find((one) => one.name === name)
  if (file === undefined) return undefined
  const encoding = encodingFor(acceptEncoding)
  const key = `${encoding} ${name}`
  const known = sent.get(key) ?? send(file, encoding)
  sent.set(key, known)
  return known
}

async function send({ type, text }: PageFile, encoding: Encoding): Promise<SentFile> {
  const body = await compressed[encoding](Buffer.from(text))
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 20)
  return { type, etag: `"${digest}-${encoding}"`, encoding, body }
}

function encodingFor(accepted: string): Encoding {
  // A refusal (`br;q=0`) is honoured; preferences among what is accepted are not.
  const takes = (name: string) =>
    accepted.split(',').some((part) => new RegExp(`^\\s*${name}\\s*(?!.*q=0(\\.0*)?\\s*$)(;|$)`).test(part))
  if (takes('br')) return 'br'
  return takes('gzip') ? 'gzip' : 'identity'
}
