import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../../scripts/bundle/declared-by.ts'
import { readProtoFiles } from '../../../scripts/bundle/proto-files.ts'

const require = createRequire(import.meta.url)
const xds = dirname(require.resolve('@grpc/grpc-js-xds/package.json'))
const folders = readdirSync(join(xds, 'deps')).map((folder) => join(xds, 'deps', folder))
// The loader that grpc-js-xds itself uses, of its own version; it knows protobuf's own files once the package is loaded.
const requireOfXds = createRequire(join(xds, 'build/src/index.js'))
requireOfXds('@grpc/proto-loader')
const loader = requireOfXds('@grpc/proto-loader/build/src/util')

const sources = readdirSync(join(xds, 'build/src'), { recursive: true, encoding: 'utf8' })
const ownSource = join(import.meta.dirname, '../../../services/echo/src/lookaside/xds-protos.ts')
const loads = [...sources.map((file) => join(xds, 'build/src', file)), ownSource]
  .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
  .map((path) => ({ file: basename(path), names: protosIn(readFileSync(path, 'utf8')) }))
  .filter(({ names }) => names.length > 0)

describe('what the bundle embeds of .proto files', () => {
  it('covers every source of grpc-js-xds that loads one, and our own', () => {
    expect(loads.length).toBeGreaterThanOrEqual(12)
    expect(loads.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['xds-client.js', 'csds.js', 'resources.js', 'xds-protos.ts']),
    )
  })

  it.each(loads)('declares for $file what its own loader reads', ({ names }) => {
    const real = loader.loadProtosWithOptionsSync(names, { keepCase: true, includeDirs: folders })
    const embedded = protobuf.Root.fromJSON(declaredBy(names, readProtoFiles(names, folders))).resolveAll()
    const known = declarations(embedded as protobuf.Root)
    expect(known.size).toBeGreaterThan(0)
    expect(Object.fromEntries(known)).toEqual(Object.fromEntries(declarations(real)))
  })

  it('is a fortieth of what lies in the package', () => {
    const all = readProtoFiles(
      loads.flatMap(({ names }) => names),
      folders,
    )
    expect(JSON.stringify(all).length).toBeLessThan(160_000)
  })

  it('keeps options that change what is on the wire', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenly-protos-'))
    const text = `syntax = "proto3"; package a; message M { repeated int32 one = 1 [packed = false, deprecated = true]; optional string two = 2; }
      enum E { option allow_alias = true; A = 0; B = 0; }`
    await writeFile(join(folder, 'a.proto'), text)
    const real = loader.loadProtosWithOptionsSync(['a.proto'], { keepCase: true, includeDirs: [folder] })
    const files = readProtoFiles(['a.proto'], [folder])
    const embedded = protobuf.Root.fromJSON(declaredBy(['a.proto'], files)).resolveAll() as protobuf.Root
    expect(Object.fromEntries(declarations(embedded))).toEqual(Object.fromEntries(declarations(real)))
    expect(embedded.lookupType('a.M').fields.one?.packed).toBe(false)
    expect(JSON.stringify(files)).not.toContain('deprecated')
    await rm(folder, { recursive: true })
  })

  it('names a file that is nowhere', () => {
    expect(() => readProtoFiles(['envoy/none.proto'], folders)).toThrow('no envoy/none.proto in ')
    expect(() => declaredBy(['envoy/none.proto'], {})).toThrow('the bundle holds no envoy/none.proto: ')
  })
})

function protosIn(text: string): string[] {
  return [...new Set([...text.matchAll(/['"]([\w/]+\.proto)['"]/g)].map(([, name]) => name as string))]
}

// Only ever used in options.
const forOptions = /^\.(validate|udpa\.annotations|xds\.annotations|envoy\.annotations)\.|^\.google\.(api|protobuf)\./

/** Each message, enum and service by its full name, as far as the wire and decoded objects depend on it. */
function declarations(root: protobuf.Root): Map<string, unknown> {
  const found = new Map<string, unknown>()
  const visit = (node: protobuf.ReflectionObject) => {
    if (node instanceof protobuf.Type) {
      const oneofs = node.oneofsArray.map(({ name, oneof }) => [name, ...oneof])
      found.set(node.fullName, { fields: node.fieldsArray.map(described), oneofs })
    } else if (node instanceof protobuf.Enum) found.set(node.fullName, node.values)
    else if (node instanceof protobuf.Service) {
      const methods = node.methodsArray.map((one) => ({
        name: one.name,
        streams: [one.requestStream === true, one.responseStream === true],
        types: [one.resolvedRequestType?.fullName, one.resolvedResponseType?.fullName],
      }))
      found.set(node.fullName, methods)
    }
    if (node instanceof protobuf.Namespace) node.nestedArray.forEach(visit)
  }
  visit(root)
  for (const name of found.keys()) if (forOptions.test(name)) found.delete(name)
  return found
}

function described(field: protobuf.Field): unknown {
  const { name, id, type, repeated, required, map, packed, optional, resolvedType, defaultValue } = field
  const key = field instanceof protobuf.MapField ? field.keyType : undefined
  return { name, id, type, repeated, required, map, packed, optional, key, of: resolvedType?.fullName, defaultValue }
}
