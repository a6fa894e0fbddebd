import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long there may be nobody to write, and how long a writer may say nothing. */
export interface Patience {
  readonly openMs: number
  readonly silentMs: number
}

/**
 * What comes out of a named pipe. An ordinary read of one that nobody writes to waits for ever, and the process with it.
 *
 * @throws an error with code ETIMEDOUT when patience ends
 */
export async function* fifoChunks(path: string, { openMs, silentMs }: Patience): AsyncGenerator<Buffer> {
  const pipe = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // A descriptor of a shell's <(command) has had its writer from the start.
  let hasWriter = /^\/(?:dev|proc\/self)\/fd\//.test(path)
  let lastNewsAt = performance.now()
  try {
    while (true) {
      const chunk = await readOnce(pipe)
      if (chunk === undefined || (chunk.length === 0 && !hasWriter)) {
        if (chunk === undefined && !hasWriter) lastNewsAt = performance.now()
        hasWriter ||= chunk === undefined
        if (performance.now() - lastNewsAt > (hasWriter ? silentMs : openMs)) throw silence()
        await sleep(20)
      } else if (chunk.length === 0) return
      else {
        hasWriter = true
        lastNewsAt = performance.now()
        yield chunk
      }
    }
  } finally {
    await pipe.close()
  }
}

/** Nothing where nobody writes or the last writer has closed; undefined where one says nothing now. */
async function readOnce(pipe: FileHandle): Promise<Buffer | undefined> {
  try {
    const { bytesRead, buffer } = await pipe.read(Buffer.alloc(65_536), 0, 65_536, null)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

/** Says that a wait has ended without news. */
export const silence = (): Error => Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })
