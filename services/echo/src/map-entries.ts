import type { PackageDefinition } from '@grpc/proto-loader'
import type protobuf from 'protobufjs'
import descriptor, { type IDescriptorProto, type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js'

/**
 * A package as reflection may describe it. protobufjs names the message that a map stands for after its field alone, where
 * descriptor.proto wants `FieldNameEntry`: grpcurl and every other Go program refuses such a file.
 */
export function describable(definition: PackageDefinition): PackageDefinition {
  const entries = Object.entries(definition).map(([name, one]) => {
    const { fileDescriptorProtos: files } = one
    return [name, Array.isArray(files) ? { ...one, fileDescriptorProtos: files.map(mended) } : one]
  })
  return Object.fromEntries(entries)
}

function mended(bytes: Buffer): Buffer {
  const { FileDescriptorProto } = descriptor
  const file = FileDescriptorProto.decode(bytes) as protobuf.Message & IFileDescriptorProto
  for (const message of file.messageType ?? []) nameEntries(message)
  return Buffer.from(FileDescriptorProto.encode(file).finish())
}

function nameEntries(message: IDescriptorProto): void {
  const maps = new Map<string, IDescriptorProto>()
  for (const nested of message.nestedType ?? []) {
    if (nested.options?.mapEntry) maps.set(nested.name ?? '', nested)
    else nameEntries(nested)
  }
  for (const field of message.field ?? []) {
    const entry = maps.get(field.typeName ?? '')
    if (entry === undefined) continue
    entry.name = `${camelCase(field.name ?? '')}Entry`
    field.typeName = entry.name
  }
}

/** As protoc makes it: every underscore goes, and what follows it is a capital. */
const camelCase = (name: string): string =>
  name.replace(/(?:^|_)(.)/g, (_match, letter: string) => letter.toUpperCase())
