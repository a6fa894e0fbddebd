import { copyFile, readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin, PluginBuild } from 'esbuild'
import { readProtoFiles } from './proto-files.ts'

const virtual = 'embedded-xds'
const protoLiteral = /['"]([\w/]+\.proto)['"]/g

/**
 * Makes grpc-js-xds, and our own control plane, run from the bundle: the .proto files that their sources name are embedded in what only
 * xDS runs load, regular expressions of routes load their WebAssembly (re2.wasm, beside the bundle) when the first is met, and the
 * library for Google's own credentials is left out.
 */
export function embeddedXds(root: string): Plugin {
  const xds = dirname(createRequire(join(root, 'package.json')).resolve('@grpc/grpc-js-xds/package.json'))
  const lookaside = join(root, 'services/echo/src/lookaside')
  const ours = (importer: string) => importer.startsWith(xds) || importer.startsWith(lookaside)
  return {
    name: virtual,
    setup(build) {
      build.onResolve({ filter: /^@grpc\/proto-loader(\/build\/src\/util(\.js)?)?$/ }, ({ importer }) =>
        ours(importer) ? { path: join(root, 'scripts/bundle/xds-proto-loader.ts') } : undefined,
      )
      build.onResolve({ filter: /^embedded-xds-protos$/ }, ({ path }) => ({ path, namespace: virtual }))
      build.onResolve({ filter: /^(re2-wasm|google-auth-library)$/ }, ({ importer, path }) =>
        importer.startsWith(xds) ? { path, namespace: virtual } : undefined,
      )
      build.onLoad({ filter: /^embedded-xds-protos$/, namespace: virtual }, async () => ({
        contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(await protosOf(xds, lookaside)))})`,
      }))
      build.onLoad({ filter: /^re2-wasm$/, namespace: virtual }, () => ({ contents: lazyRe2, resolveDir: xds }))
      build.onLoad({ filter: /^google-auth-library$/, namespace: virtual }, () => ({ contents: noGoogle }))
      build.onLoad({ filter: /\/lookaside\/proto-folders\.ts$/ }, () => ({ contents: noFolders }))
      copyWebAssembly(build, xds)
    },
  }
}

const lazyRe2 = `exports.RE2 = class { constructor(...all) { return new (require('re2-wasm').RE2)(...all) } }`
const noGoogle = `exports.GoogleAuth = class {
  constructor() { throw new Error('channel_creds google_default are not in this bundle: use insecure ones, or run the source') }
}`
const noFolders = 'export const protoFolders = () => []'

async function protosOf(xds: string, lookaside: string): Promise<object> {
  const deps = join(xds, 'deps')
  const folders = (await readdir(deps)).map((folder) => join(deps, folder))
  const sources = [...(await filesIn(join(xds, 'build/src'), '.js')), ...(await filesIn(lookaside, '.ts'))]
  const texts = await Promise.all(sources.map((file) => readFile(file, 'utf8')))
  return readProtoFiles(
    new Set(texts.flatMap((text) => [...text.matchAll(protoLiteral)].map(([, name]) => name as string))),
    folders,
  )
}

async function filesIn(folder: string, end: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries.filter((file) => file.endsWith(end)).map((file) => join(folder, file))
}

function copyWebAssembly(build: PluginBuild, xds: string): void {
  build.onEnd(async ({ errors }) => {
    const outdir = build.initialOptions.outdir
    if (errors.length > 0 || outdir === undefined) return
    const re2 = createRequire(join(xds, 'package.json')).resolve('re2-wasm')
    await copyFile(join(dirname(re2), '../wasm/re2.wasm'), join(outdir, 're2.wasm'))
  })
}
