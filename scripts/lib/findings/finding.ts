/** A place in a text; line and column count from 1. */
export interface Place {
  /** A path as the user gave it, `-` for standard input, or `--set`. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The line itself, to show it with a caret. */
  readonly sourceLine: string
}

/** `error`: it is refused, or was measured to go wrong. `advice`: nobody proved that on a cluster; it does not fail a check. */
export type Severity = 'error' | 'advice'

export const severities: readonly Severity[] = ['error', 'advice']

/** Something wrong with values or manifests, and where. */
export interface Finding extends Place {
  /** The id that `evenly explain` and `--ignore` take. */
  readonly rule: string
  readonly severity: Severity
  /** The object it is about, such as `Service shop/orders`; undefined in values. */
  readonly object?: string | undefined
  /** The chart's template that rendered the object, where Helm says so: in a pipe a line alone leads nowhere. */
  readonly template?: string | undefined
  /** From the top of the values or of the object: `client.args[0]`, `spec.ports[0].name`. */
  readonly path: string
  /** One sentence: why it is wrong; how to mend it. */
  readonly message: string
  /** The key or value that was most likely meant. */
  readonly suggestion?: string | undefined
  /** YAML that mends it: values to lay over, or manifests as strategic merge patches, `---` between them. */
  readonly patch?: string | undefined
  /** Why its author wants it passed over. */
  readonly ignored?: string | undefined
}
