import { createReadStream } from 'node:fs'
import { badInput } from '../lib/exit.ts'

const mebibytes = 32

/**
 * A file's text, or stdin's for `-`, as far as it can be results.
 *
 * @throws EvenlyError (exit 65) whose one sentence says why not, and what to do
 */
export async function readText(file: string): Promise<string> {
  const name = nameOf(file)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) {
      chunks.push(chunk)
      size += chunk.length
      if (size > mebibytes * 1024 * 1024) break
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') throw badInput(`${name} is a directory: name a file in it`)
    throw badInput(`${name} cannot be read (${code}): check its path and rights`)
  }
  if (size > mebibytes * 1024 * 1024) {
    throw badInput(`${name} is larger than ${mebibytes} MiB, which results never are: check its path`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw badInput(`${name} is no UTF-8 text: save it as UTF-8`)
  }
}

/** What to call a file in a sentence. */
export const nameOf = (file: string): string => (file === '-' ? 'stdin' : file)
