/**
 * Metrics that the dashboards ask for and evenly-echo does not export: whose they are, and where that is written. A name
 * that is in neither place is a mistake.
 */
export const foreignMetrics: Readonly<Record<string, string>> = {
  up: 'Prometheus, of every target: https://prometheus.io/docs/concepts/jobs_instances/',
  ALERTS: 'Prometheus, of every alert: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/',
  // https://www.envoyproxy.io/docs/envoy/latest/configuration/upstream/cluster_manager/cluster_stats#per-endpoint-statistics
  envoy_cluster_endpoint_rq_total: 'Envoy, with track_cluster_stats.per_endpoint_stats',
  envoy_cluster_endpoint_rq_error: 'Envoy, with track_cluster_stats.per_endpoint_stats',
  envoy_cluster_endpoint_cx_active: 'Envoy, with track_cluster_stats.per_endpoint_stats',
  istio_requests_total: 'Istio: https://istio.io/latest/docs/reference/config/metrics/',
  istio_tcp_sent_bytes_total: 'Istio: https://istio.io/latest/docs/reference/config/metrics/',
}
