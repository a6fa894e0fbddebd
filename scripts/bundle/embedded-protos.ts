import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import protobuf from 'protobufjs'
import { declaredBy } from './declared-by.ts'
import { readProtoFiles } from './proto-files.ts'

/** A .proto that is loaded at run time, by its end of path, with the options its loader parses it with. */
interface LoadedProto {
  readonly end: string
  readonly file: string
  readonly keepCase: boolean
}

const embedded = 'embedded-protos'
const packages = 'node_modules'
const loadedProtos: readonly LoadedProto[] = [
  ...['evenly/echo/v1/echo.proto', 'grpc/testing/load_balancer_stats.proto'].flatMap((end) =>
    [false, true].map((keepCase) => ({ end, file: `proto/${end}`, keepCase })),
  ),
  { end: 'health/v1/health.proto', file: `${packages}/grpc-health-check/proto/health/v1/health.proto`, keepCase: true },
  { end: 'channelz.proto', file: `${packages}/@grpc/grpc-js/proto/channelz.proto`, keepCase: true },
  ...['v1', 'v1alpha'].map((version) => {
    const end = `grpc/reflection/${version}/reflection.proto`
    return { end, file: `${packages}/@grpc/reflection/build/proto/${end}`, keepCase: false }
  }),
]

// Loaded by grpc-js where load reports are served or asked for; it imports others.
const orca = 'xds/service/orca/v3/orca.proto'
const orcaFolder = `${packages}/@grpc/grpc-js/proto/xds`

/**
 * Answers proto-loader's `loadSync` from descriptors inside the bundle: grpc-js, health and reflection load their own
 * .proto files from their package folders, which a single file does not have beside it.
 */
export function embeddedProtos(root: string): Plugin {
  return {
    name: embedded,
    setup(build) {
      build.onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ kind, namespace, path, pluginData }) => {
        if (pluginData === 'real') return undefined
        if (namespace === embedded) return build.resolve(path, { kind, resolveDir: root, pluginData: 'real' })
        return { path, namespace: embedded }
      })
      build.onLoad({ filter: /.*/, namespace: embedded }, () => ({ contents: loaderWith(root) }))
    },
  }
}

function loaderWith(root: string): string {
  const descriptors: object[] = loadedProtos.map(({ end, file, keepCase }) => {
    const parsed = new protobuf.Root().loadSync(join(root, file), { keepCase })
    return { end, keepCase, json: parsed.toJSON({ keepComments: false }) }
  })
  descriptors.push({
    end: orca,
    keepCase: true,
    json: declaredBy([orca], readProtoFiles([orca], [join(root, orcaFolder)])),
  })
  return `
    const loader = require('@grpc/proto-loader')
    const descriptors = ${JSON.stringify(descriptors)}
    function loadSync(file, options) {
      const keepCase = options.keepCase === true
      const found = descriptors.find((one) => file.endsWith(one.end) && one.keepCase === keepCase)
      if (found === undefined) throw new Error('the bundle holds no ' + file + ': add it to scripts/bundle/embedded-protos.ts')
      return loader.fromJSON(found.json, options)
    }
    module.exports = { ...loader, loadSync }`
}
