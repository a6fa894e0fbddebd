import type { Content, Manifest } from '../../lib/manifests/manifest.ts'
import { labelsOf } from '../../lib/manifests/selectors.ts'
import { isMap } from '../../lib/values.ts'

/** An object of a live cluster as rules look at it: it stands in no file, so its place is `Kind/name`. */
export function liveManifest(content: Content): Manifest {
  const { apiVersion, kind, metadata } = content
  const { name, namespace, labels, annotations } = isMap(metadata) ? metadata : {}
  return {
    apiVersion,
    kind,
    metadata: {
      name: String(name ?? ''),
      namespace: typeof namespace === 'string' ? namespace : 'default',
      labels: labelsOf(labels),
      annotations: labelsOf(annotations),
    },
    content,
    source: { file: `${kind}/${name}`, firstLine: 1, text: '', path: [] },
  }
}
