import {
  create,
  createFileRegistry,
  type DescMethodBiDiStreaming,
  type DescMethodUnary,
  fromBinary,
} from '@bufbuild/protobuf'
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import type { MessageTypeDefinition } from '@grpc/proto-loader'
import { echoServiceName, reflectedPackage } from '../wire.ts'

/** The methods of `evenly.echo.v1.Echo` as Connect's library knows methods, made from the same .proto as gRPC's. */
export const echoMethods: { readonly hello: DescMethodUnary; readonly helloStream: DescMethodBiDiStreaming } = methods()

function methods() {
  const { fileDescriptorProtos } = reflectedPackage['evenly.echo.v1.HelloRequest'] as MessageTypeDefinition<
    object,
    object
  >
  const file = fileDescriptorProtos.map((bytes) => completed(fromBinary(FileDescriptorProtoSchema, bytes)))
  const service = createFileRegistry(create(FileDescriptorSetSchema, { file })).getService(echoServiceName)
  const { hello, helloStream } = service?.method ?? {}
  return { hello: hello as DescMethodUnary, helloStream: helloStream as DescMethodBiDiStreaming }
}

/** proto-loader leaves out the package before types of the same package, and the names of fields in JSON: a descriptor has both. */
function completed(file: FileDescriptorProto): FileDescriptorProto {
  const full = (name: string) => (name === '' || name.startsWith('.') ? name : `.${file.package}.${name}`)
  for (const field of file.messageType.flatMap((message) => message.field)) {
    field.typeName = full(field.typeName)
    field.jsonName = field.name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  }
  for (const method of file.service.flatMap((service) => service.method)) {
    method.inputType = full(method.inputType)
    method.outputType = full(method.outputType)
  }
  return file
}
