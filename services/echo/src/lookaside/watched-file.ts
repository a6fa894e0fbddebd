import { readFile } from 'node:fs/promises'

/** How often files are looked at. Kubernetes takes up to a minute until it changes what is mounted. */
const everyMilliseconds = 1000

/**
 * Reads files again and again, and tells of them when any has changed: volumes of Kubernetes change by a symbolic link, of which a
 * watch of the file hears nothing.
 * @param known what they hold already
 * @param changed called with what they hold, in their order
 * @param problem called when one cannot be read, once for each reason
 */
export function watchFiles(
  files: readonly string[],
  known: readonly string[],
  changed: (contents: string[]) => void,
  problem: (error: Error) => void,
): { close(): void } {
  let last = known
  let lastProblem: string | undefined
  let reading = false
  let closed = false
  const look = async () => {
    if (reading) return
    reading = true
    try {
      const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')))
      const recovered = lastProblem !== undefined
      lastProblem = undefined
      if (closed || (!recovered && contents.every((content, i) => content === last[i]))) return
      last = contents
      changed(contents)
    } catch (error) {
      if (!closed && (error as Error).message !== lastProblem) problem(error as Error)
      lastProblem = (error as Error).message
    } finally {
      reading = false
    }
  }
  const timer = setInterval(look, everyMilliseconds)
  return {
    close() {
      closed = true
      clearInterval(timer)
    },
  }
}
