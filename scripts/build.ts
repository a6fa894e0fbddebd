import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { embeddedProtos } from './bundle/embedded-protos.ts'
import { embeddedXds } from './bundle/embedded-xds.ts'
import { inlinedFiles } from './bundle/inlined-files.ts'

// Writes dist, or the folder given: the echo program as files that need nothing beside Node, for the image. echo.mjs is the one to run; what only
// some runs import (tracing, gRPC-web) and what that shares with it are files of their own beside it.
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(root, process.argv[2] ?? 'dist')

// Bundled CommonJS packages expect what an ES module does not have.
const commonJsNames = `import { createRequire as evenlyCreateRequire } from 'node:module'
const require = evenlyCreateRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname`

await rm(folder, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: { echo: 'services/echo/src/main.ts' },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: commonJsNames },
  legalComments: 'linked',
  logLevel: 'warning',
  plugins: [embeddedXds(root), inlinedFiles(), embeddedProtos(root)],
})
