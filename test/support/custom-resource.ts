import type { Schema } from './strict-schema.ts'

/** A CustomResourceDefinition, as far as it is read or written here. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1'
  readonly kind: 'CustomResourceDefinition'
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly group: string
    readonly scope: 'Namespaced' | 'Cluster'
    readonly names: { readonly kind: string; readonly plural: string; readonly singular?: string }
    readonly versions: readonly {
      readonly name: string
      readonly served: boolean
      readonly storage: boolean
      readonly schema: { readonly openAPIV3Schema: Schema }
    }[]
  }
}

/** What an object says of itself that tells which schema it needs. */
export interface KindName {
  readonly group: string
  readonly version: string
  readonly kind: string
}

export type KindSchema = readonly [name: KindName, schema: Schema]

/** The schemas of a custom resource in the versions of its API that are wanted and served. */
export function schemasOf({ spec }: CustomResourceDefinition, wanted: readonly string[]): KindSchema[] {
  return spec.versions
    .filter(({ name, served }) => served && wanted.includes(name))
    .map(({ name: version, schema: { openAPIV3Schema: schema } }) => [
      { group: spec.group, version, kind: spec.names.kind },
      { ...schema, properties: { ...schema.properties, ...inEveryObject } },
    ])
}

/** Definitions seldom say this, because the API server sees to it. */
const inEveryObject: Record<string, Schema> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
}
