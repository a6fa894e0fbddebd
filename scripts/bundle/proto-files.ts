import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'

/** What one .proto file declares, without what it imports. */
export interface ProtoFile {
  readonly imports: readonly string[]
  /** Its packages and types, as protobufjs writes them to JSON. */
  readonly nested: Nested
}

export type Nested = Readonly<Record<string, NestedNode>>
type NestedNode = { readonly nested?: Nested; readonly [part: string]: unknown }

// What they declare is only ever used in options, which no wire format needs.
const filesOfOptions = /\/annotations(\/|\.proto$)|^validate\/|\/descriptor\.proto$/

/**
 * Reads these .proto files and all that they import.
 * @param names as an import statement names them.
 * @param folders where they may lie; the first that has one wins. Those of protobuf itself come from protobufjs.
 */
export function readProtoFiles(names: Iterable<string>, folders: readonly string[]): Record<string, ProtoFile> {
  const files: Record<string, ProtoFile> = {}
  const wanted = [...names]
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (name in files) continue
    const file = readProtoFile(name, folders)
    files[name] = file
    wanted.push(...file.imports)
  }
  return files
}

function readProtoFile(name: string, folders: readonly string[]): ProtoFile {
  const common = protobuf.common.get(name) as { nested: Nested } | null
  if (common) return { imports: [], nested: common.nested }
  const folder = folders.find((one) => existsSync(join(one, name)))
  if (folder === undefined) throw new Error(`no ${name} in ${folders.join(', ')}: the bundle cannot embed it`)
  const root = new protobuf.Root()
  const { imports = [] } = protobuf.parse(readFileSync(join(folder, name), 'utf8'), root, { keepCase: true })
  const nested = (root.toJSON().nested ?? {}) as Nested
  return { imports: imports.filter((one) => !filesOfOptions.test(one)), nested: withoutOtherOptions(nested) }
}

// Those that change what is on the wire, or how it is decoded; not validation rules, names for Java, and the like.
const optionsOfTheWire = /^(packed|proto3_optional|allow_alias|features\b.*)$/

/** Drops what no message needs: options of other concerns, and the extensions that declare them. */
function withoutOtherOptions<Node>(node: Node): Node {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node
  const kept = Object.entries(node).flatMap(([key, value]) => {
    if (key === 'parsedOptions' || (typeof value === 'object' && value !== null && 'extend' in value)) return []
    if (key !== 'options') return [[key, withoutOtherOptions(value)]]
    const options = Object.entries(value as object).filter(([option]) => optionsOfTheWire.test(option))
    return options.length > 0 ? [[key, Object.fromEntries(options)]] : []
  })
  return Object.fromEntries(kept) as Node
}
