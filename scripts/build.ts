import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { embeddedProtos } from './bundle/embedded-protos.ts'
import { inlinedFiles } from './bundle/inlined-files.ts'

// Writes dist/echo.mjs: the echo program as one file that needs nothing beside Node, for the image.
const root = fileURLToPath(new URL('..', import.meta.url))

// Bundled CommonJS packages expect what an ES module does not have.
const commonJsNames = `import { createRequire as evenlyCreateRequire } from 'node:module'
const require = evenlyCreateRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname`

await build({
  absWorkingDir: root,
  entryPoints: ['services/echo/src/main.ts'],
  outfile: 'dist/echo.mjs',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: commonJsNames },
  legalComments: 'linked',
  logLevel: 'warning',
  plugins: [inlinedFiles(), embeddedProtos(root)],
})
