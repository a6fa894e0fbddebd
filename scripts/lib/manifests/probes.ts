import type { Content, Path } from './manifest.ts'
import type { Container } from './workload.ts'

/** A question that the kubelet asks a container. */
export interface Probe {
  readonly field: 'startupProbe' | 'readinessProbe' | 'livenessProbe'
  readonly content: Content
  readonly path: Path
}

/** The probes of a container, in the order in which they count. */
export const probesOf = ({ content, path }: Container): Probe[] =>
  fields.flatMap((field) => (content[field] ? [{ field, content: content[field], path: [...path, field] }] : []))

const fields = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const
