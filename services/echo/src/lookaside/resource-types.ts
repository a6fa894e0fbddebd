/** Kinds of resources, in the order in which a client is told of changes: what is referred to comes before what refers to it. */
export const resourceTypes = ['cds', 'eds', 'lds', 'rds'] as const

/** Clusters, endpoints, listeners and routes, by the names of their discovery services. */
export type ResourceType = (typeof resourceTypes)[number]

/** The message that each kind is. */
export const messageOf: Readonly<Record<ResourceType, string>> = {
  cds: 'envoy.config.cluster.v3.Cluster',
  eds: 'envoy.config.endpoint.v3.ClusterLoadAssignment',
  lds: 'envoy.config.listener.v3.Listener',
  rds: 'envoy.config.route.v3.RouteConfiguration',
}

/** The URL that a message goes by in an Any. */
export const typeUrl = (message: string): string => `type.googleapis.com/${message}`

const byUrl = new Map(resourceTypes.map((type) => [typeUrl(messageOf[type]), type]))

/** Undefined: one that is not served here. */
export const resourceTypeOf = (url: string): ResourceType | undefined => byUrl.get(url)

/** Whether an answer holds all there is, so that what it leaves out is gone. */
export const isWhole = (type: ResourceType): boolean => type === 'cds' || type === 'lds'
