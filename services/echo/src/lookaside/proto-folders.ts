import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the protos of xDS are: in the package that dials xds:/// targets, which ships them. */
export function protoFolders(): string[] {
  const root = dirname(createRequire(import.meta.url).resolve('@grpc/grpc-js-xds/package.json'))
  return ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((name) => join(root, 'deps', name))
}
