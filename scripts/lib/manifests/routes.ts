import type { Content, Manifest, Path } from './manifest.ts'
import { listOf } from './workload.ts'

/** A Gateway, or in a mesh a Service, that an HTTPRoute or a GRPCRoute asks to be attached to. */
export interface Parent {
  readonly kind: string
  readonly name: string
  readonly namespace: string
  /** A listener of it; undefined: all of them that fit. */
  readonly sectionName: string | undefined
  readonly port: number | undefined
  readonly path: Path
}

/** A Service that a route sends calls to. */
export interface Backend {
  readonly name: string
  readonly namespace: string
  readonly port: number | undefined
  readonly path: Path
}

/** What a route is attached to. */
export const parentsOf = ({ metadata, content }: Manifest): Parent[] =>
  listOf(content.spec?.parentRefs).map(({ kind = 'Gateway', name, namespace, sectionName, port }, i) => ({
    kind: String(kind),
    name: String(name ?? ''),
    namespace: String(namespace ?? metadata.namespace),
    sectionName,
    port,
    path: ['spec', 'parentRefs', i],
  }))

/** The Services behind a route, those of weight 0 left out. */
export const backendsOf = ({ metadata, content }: Manifest): Backend[] =>
  listOf(content.spec?.rules).flatMap((rule, i) =>
    listOf(rule.backendRefs).flatMap((ref: Content, k) => {
      const { kind = 'Service', name, namespace = metadata.namespace, port, weight } = ref
      const path = ['spec', 'rules', i, 'backendRefs', k]
      return kind === 'Service' && weight !== 0 ? [{ name: String(name ?? ''), namespace, port, path }] : []
    }),
  )
