import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

const readOfAFile = /readFileSync\(new URL\('([^']+)', import\.meta\.url\), 'utf8'\)/g
const readOfAPackage = /readFileSync\(new URL\(import\.meta\.resolve\('([^']+)'\)\), 'utf8'\)/g

/** Puts the text of every file that echo reads beside its own source, or from a package, into the bundle, where there is no such file. */
export function inlinedFiles(): Plugin {
  return {
    name: 'inlined-files',
    setup(build) {
      build.onLoad({ filter: /\/services\/echo\/src\/.*\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        const beside = [...source.matchAll(readOfAFile)].map(([read, file]) => [
          read,
          join(dirname(path), file as string),
        ])
        const packaged = [...source.matchAll(readOfAPackage)].map(([read, name]) => {
          return [read, createRequire(path).resolve(name as string)]
        })
        let contents = source
        for (const [read, file] of [...beside, ...packaged] as [string, string][]) {
          const text = await readFile(file, 'utf8')
          contents = contents.replace(read, () => JSON.stringify(text))
        }
        return { contents, loader: 'ts' }
      })
    },
  }
}
