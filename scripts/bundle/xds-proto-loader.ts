import { fromJSON, type Options, type PackageDefinition } from '@grpc/proto-loader'
import files from 'embedded-xds-protos'
import protobuf from 'protobufjs'
import { declaredBy } from './declared-by.ts'

// In the bundle this is @grpc/proto-loader, and its util, to whoever speaks xDS: the same answers, from no file.
export * from '@grpc/proto-loader'

/** As proto-loader's, of the embedded files; `includeDirs` is not looked at. */
export function loadSync(names: string | string[], options?: Options): PackageDefinition {
  return fromJSON(declaredBy([names].flat(), files), options)
}

/** As proto-loader's util has it, of the embedded files, and built when the first type is looked up: many never are. */
export function loadProtosWithOptionsSync(names: string | string[]): Pick<protobuf.Root, 'lookup'> {
  let root: protobuf.Root | undefined
  return {
    lookup: (path: string) => {
      root ??= protobuf.Root.fromJSON(declaredBy([names].flat(), files)).resolveAll() as protobuf.Root
      return root.lookup(path)
    },
  }
}
