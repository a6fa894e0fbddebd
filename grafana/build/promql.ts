/**
 * PromQL that several panels share. Calls are counted by the pods that started them, and those of the health, reflection and
 * channelz services are left out, as in the recording rules: the kubelet's probes reach all pods alike and would hide a
 * pinned service.
 */

/** Series of the chosen pods. */
export const chosen = 'namespace=~"$namespace", service=~"$service"'

/** Series of pods in the chosen namespaces, whatever their service. */
export const inNamespace = 'namespace=~"$namespace"'

/** Calls that count. */
export const counted = 'grpc_service!~"grpc[.](health|reflection|channelz)[.].*"'

const perPod = 'namespace, service, pod'
const perService = 'namespace, service'

/** Pods that are scraped as servers; a scrape that does not tell its component is taken for a server's. */
const serverUp = `max by (${perPod}) (up{${chosen}, app_kubernetes_io_component=~"server|"} == 1)`

/**
 * Calls by pod, of the pods that are targets now: the counter of one that is gone stays in the window for a while. A pod that
 * is scraped twice, by a ServiceMonitor and a PodMonitor, counts once. One without a counter has had no call: most servers
 * begin to export it with the first.
 */
const byPod = (calls: string): string =>
  `(sum by (${perPod}) (max by (${perPod}, grpc_type, grpc_service, grpc_method) (${calls})) and on (namespace, pod) up or 0 * ${serverUp} and on (${perService}) ${calls})`

/** Calls per second, by pod. A pod that serves none has 0, and is in it. */
export const podCalls = byPod(`rate(grpc_server_started_total{${chosen}, ${counted}}[$__rate_interval])`)

/** Calls per second, by service. */
export const serviceCalls = `sum by (${perService}) (${podCalls})`

/**
 * Measures of how even parts are. `parts` is an expression that gives a number per part, `by` the labels that tell one whole
 * from another. Nothing comes of a whole that is 0: of no calls there is no even share.
 */
export const measures = (parts: string, by: string) => ({
  /** Jain's index, 1/n (one part has all) to 1 (all have the same). */
  jain: `sum by (${by}) (${parts}) ^ 2 / (count by (${by}) (${parts}) * sum by (${by}) ((${parts}) ^ 2) > 0)`,
  /** How many parts, sharing evenly, would be as uneven: n * Jain. */
  effective: `sum by (${by}) (${parts}) ^ 2 / (sum by (${by}) ((${parts}) ^ 2) > 0)`,
  /** Standard deviation over mean, 0 to sqrt(n - 1). */
  cv: `stddev by (${by}) (${parts}) / (avg by (${by}) (${parts}) > 0)`,
  /** The largest part over the mean, 1 to n. */
  maxMean: `max by (${by}) (${parts}) / (avg by (${by}) (${parts}) > 0)`,
  /** Each part's share of its whole. */
  share: `(${parts}) / on (${by}) group_left () (sum by (${by}) (${parts}) > 0)`,
})

/** Of pods in their service. */
export const spread = measures(podCalls, perService)

const podCount = byPod(`increase(grpc_server_started_total{${chosen}, ${counted}}[5m])`)

/** Pearson's statistic of the calls of five minutes over its degrees of freedom, as the recording rule has it. */
export const chiSquarePerDegree = `stdvar by (${perService}) (${podCount}) * count by (${perService}) (${podCount}) / (avg by (${perService}) (${podCount}) > 0) / (count by (${perService}) (${podCount}) - 1 > 0)`

/** How many pods get nothing while their service is called. */
export const idlePods = `sum by (${perService}) (${podCalls} == bool 0) and on (${perService}) (${serviceCalls} > 0)`
