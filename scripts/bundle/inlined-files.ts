import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

const readOfAFile = /readFileSync\(new URL\('([^']+)', import\.meta\.url\), 'utf8'\)/g

/** Puts the text of every file that echo reads beside its own source into the bundle, where there is no such file. */
export function inlinedFiles(): Plugin {
  return {
    name: 'inlined-files',
    setup(build) {
      build.onLoad({ filter: /\/services\/echo\/src\/.*\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, 'utf8')
        for (const [read, file] of contents.matchAll(readOfAFile)) {
          const text = await readFile(join(dirname(path), file as string), 'utf8')
          contents = contents.replace(read, () => JSON.stringify(text))
        }
        return { contents, loader: 'ts' }
      })
    },
  }
}
