import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Writes generated files that are not as they should be. With `check` it only names them on stderr, for exit 1.
 *
 * @param files texts by paths below the root
 */
export function writeOrCheck(root: string, files: Readonly<Record<string, string>>, check: boolean | undefined): void {
  const stale = Object.entries(files).filter(([path, text]) => textOf(join(root, path)) !== text)
  for (const [path, text] of stale) {
    if (check) {
      console.error(`${path} is stale: run npm run generate and commit the result.`)
      process.exitCode = 1
    } else {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
}

/** What a file holds; undefined when it is not there. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
