import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Writes dist/balancing, or the folder given: what 'evenly-grpc/balancing' gives to a service of one's own, as plain JavaScript (Node
// strips no types under node_modules) with its types. It is one file beside grpc-js, of which there must be one copy.
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(root, process.argv[2] ?? 'dist/balancing')
const source = join(root, 'services/echo/src/balancing')

await rm(folder, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'index.ts')],
  outdir: folder,
  bundle: true,
  external: ['@grpc/grpc-js'],
  platform: 'node',
  target: 'node22',
  format: 'esm',
  legalComments: 'inline',
  logLevel: 'warning',
})
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', source, '--outDir', folder], { stdio: 'inherit' })
