import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Writes proto/generated, the TypeScript types of proto/; with --check it only says whether they are stale (exit 1).
const root = fileURLToPath(new URL('..', import.meta.url))
const committed = join(root, 'proto/generated')

if (process.argv.includes('--check')) {
  const fresh = mkdtempSync(join(tmpdir(), 'evenly-types-'))
  generate(fresh)
  const stale = JSON.stringify(contents(fresh)) !== JSON.stringify(contents(committed))
  rmSync(fresh, { recursive: true })
  if (stale) {
    console.error('proto/generated is stale: run npm run generate and commit the result.')
    process.exitCode = 1
  }
} else {
  rmSync(committed, { recursive: true, force: true })
  generate(committed)
}

/** Flags mirror `protoOptions` in services/echo/src/wire.ts: types and runtime must decode alike. */
function generate(outDir: string): void {
  const generator = join(root, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js')
  const protos = ['evenly/echo/v1/echo.proto', 'grpc/testing/load_balancer_stats.proto']
  const input = [...protos, '--includeDirs=.']
  const decoding = ['--longs=Number', '--enums=String', '--defaults', '--oneofs', '--includeComments']
  const output = ['--importFileExtension=.ts', '--targetFileExtension=.ts', '--grpcLib=@grpc/grpc-js']
  // From inside proto/, so that the header of each file names it relative to there on every machine.
  execFileSync(process.execPath, [generator, ...input, ...decoding, ...output, `--outDir=${outDir}`], {
    cwd: join(root, 'proto'),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]))
}
