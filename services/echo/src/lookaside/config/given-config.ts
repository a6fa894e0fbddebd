import type { ZoneRules } from '../resources/load-assignment.ts'

/** How zones are told, as the file has it. */
export interface GivenZones {
  readonly localities?: ZoneRules['localities']
  readonly zoneWeights?: ZoneRules['zoneWeights']
}

export interface GivenService extends GivenZones {
  readonly policy?: object
  readonly backends?: readonly { readonly service: string; readonly weight?: number }[]
  readonly failover?: readonly string[]
  readonly envoyListener?: string
}

export interface GivenDiscovery extends GivenZones {
  readonly namespaces: readonly string[]
  readonly labelSelector?: string
  readonly annotation?: string
  readonly policy?: object
}

/** What the schema accepts. */
export interface Given {
  readonly services?: Readonly<Record<string, GivenService | null>>
  readonly discover?: GivenDiscovery
  readonly debounceMilliseconds?: number
  readonly maximumDebounceMilliseconds?: number
}
