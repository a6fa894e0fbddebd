/** An object of the Kubernetes API as somebody wrote it, and where. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    /** Filled in where it stands in none: that of the whole input, or `default`. */
    readonly namespace: string
    readonly labels: StringMap
    readonly annotations: StringMap
  }
  /** All of it, as it was written. */
  readonly content: Content
  readonly source: Source
}

export type StringMap = Readonly<Record<string, string>>

/** Fields of an object as they were written: of any kind, so of any type. Read it through `?.` and check what you get. */
// biome-ignore lint/suspicious/noExplicitAny: manifests of any kind, which nothing has validated
export type Content = any

/** The document that an object comes from. */
export interface Source {
  readonly file: string
  /** Line of the file that the document's text begins on, from 1. */
  readonly firstLine: number
  readonly text: string
  /** Where it lies within the document: [] but for what stands in a List. */
  readonly path: Path
}

/** The template that Helm says it has rendered a document from, such as `shop/templates/service.yaml`. */
export const templateOf = ({ text }: Source): string | undefined => /^# Source: (\S.*?)\s*$/m.exec(text)?.[1]

/** Keys of maps and indices of lists, from the top. */
export type Path = readonly (string | number)[]

/** `Service shop/orders`; `Namespace shop` of what belongs to none. */
export const titleOf = ({ kind, metadata }: Manifest): string =>
  `${kind} ${isClusterScoped(kind) ? '' : `${metadata.namespace}/`}${metadata.name}`

const isClusterScoped = (kind: string): boolean => /^(Namespace|Node|GatewayClass|Cluster\w+)$/.test(kind)
