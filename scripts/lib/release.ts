import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { fileInTar } from './tar.ts'
import type { Release } from './tool-recipes.ts'

/** Milliseconds for a host to give its checksums, which are small, and for a program to arrive. */
export interface Patience {
  readonly answerMs: number
  readonly transferMs: number
}

/** A release's program, once the SHA-256 published beside it has been found right; `onAnswer` is called when its host is there. */
export async function download(release: Release, patience: Patience, onAnswer = (): void => {}): Promise<Uint8Array> {
  const file = release.url.slice(release.url.lastIndexOf('/') + 1)
  const checksums = new TextDecoder().decode(await get(release.checksums, patience.answerMs))
  const expected = checksumOf(file, checksums)
  if (expected === undefined) throw new Error(`${release.checksums} holds no SHA-256 of ${file}`)
  onAnswer()
  const bytes = await get(release.url, patience.transferMs)
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (actual !== expected) throw new Error(`${release.url} has SHA-256 ${actual}, and its publisher says ${expected}`)
  if (release.member === '') return bytes
  const program = fileInTar(gunzipSync(bytes), release.member)
  if (program === undefined) throw new Error(`${release.url} holds no ${release.member}`)
  return program
}

/** The hash that a checksum file gives for a file: on the line that ends in its name, or alone. */
export function checksumOf(file: string, text: string): string | undefined {
  for (const line of text.trim().split('\n')) {
    const [hash, name] = line.trim().split(/\s+\*?/)
    const isOfFile = name === undefined || name.slice(name.lastIndexOf('/') + 1) === file
    if (isOfFile && hash !== undefined && /^[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase()
  }
  return undefined
}

async function get(url: string, withinMs: number): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  } catch (error) {
    const { message, name, cause } = error as Error & { cause?: { code?: string } }
    const reason = name === 'TimeoutError' ? `no answer in ${withinMs / 1000} s` : (cause?.code ?? message)
    throw new Error(`${url} cannot be fetched (${reason})`)
  }
}
