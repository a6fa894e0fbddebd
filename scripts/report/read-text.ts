import { createReadStream, statSync } from 'node:fs'
import { badInput } from '../lib/exit.ts'
import { fifoChunks, type Patience, silence } from './fifo-chunks.ts'

/** What is read, and how much of it there can be. */
export interface Readable {
  readonly mebibytes: number
  readonly what: string
}

const usualPatience: Patience = { openMs: 10_000, silentMs: 300_000 }

/**
 * A file's text, or stdin's for `-`, as far as it can be what is wanted: results, unless told otherwise.
 *
 * @param patience how long a pipe may keep one waiting
 * @throws EvenlyError (exit 65) whose one sentence says why not, and what to do
 */
export async function readText(
  file: string,
  { mebibytes, what }: Readable = { mebibytes: 32, what: 'results' },
  patience = usualPatience,
): Promise<string> {
  const name = nameOf(file)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of chunksOf(file, patience)) {
      chunks.push(chunk)
      size += chunk.length
      if (size > mebibytes * 1024 * 1024) break
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ETIMEDOUT') throw badInput(`${name} is a pipe that nothing comes from: see what should write to it`)
    if (code === 'EISDIR') throw badInput(`${name} is a directory: name a file in it`)
    throw badInput(`${name} cannot be read (${code}): check its path and rights`)
  }
  if (size > mebibytes * 1024 * 1024) {
    throw badInput(`${name} is larger than ${mebibytes} MiB, which ${what} never are: check its path`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw badInput(`${name} is no UTF-8 text: save it as UTF-8`)
  }
}

/** What to call a file in a sentence. */
export const nameOf = (file: string): string => (file === '-' ? 'stdin' : file)

async function* chunksOf(file: string, patience: Patience): AsyncGenerator<Buffer> {
  if (file !== '-' && statSync(file, { throwIfNoEntry: false })?.isFIFO()) return yield* fifoChunks(file, patience)
  const stream = file === '-' ? process.stdin : createReadStream(file)
  const limit = setTimeout(() => stream.destroy(silence()), patience.silentMs)
  try {
    for await (const chunk of stream) {
      limit.refresh()
      yield chunk
    }
  } finally {
    clearTimeout(limit)
  }
}
