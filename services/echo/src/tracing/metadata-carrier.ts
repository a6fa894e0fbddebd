import type { Metadata } from '@grpc/grpc-js'
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api'

/** How propagators write into gRPC metadata. */
export const metadataSetter: TextMapSetter<Metadata> = {
  set: (metadata, key, value) => metadata.set(key, value),
}

/** How propagators read from it. */
export const metadataGetter: TextMapGetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get(metadata, key) {
    const values = metadata.get(key).map(String)
    return values.length > 1 ? values : values[0]
  },
}
