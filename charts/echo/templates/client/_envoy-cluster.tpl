{{/* loadBalancing as Envoy's own cluster. Takes the root. */}}
{{- define "echo.envoyCluster" -}}
{{- $envoy := .Values.client.envoySidecar -}}
{{- $lb := .Values.loadBalancing -}}
{{- $pool := $lb.connectionPool -}}
type: STRICT_DNS
dns_refresh_rate: {{ include "echo.protoDuration" $envoy.dnsRefreshRate }}
connect_timeout: {{ $pool.connectTimeout | default "5s" | include "echo.protoDuration" }}
{{- include "echo.envoyPolicy" . }}
typed_extension_protocol_options:
  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
    {{- if or $pool.idleTimeout $pool.maxRequestsPerConnection }}
    common_http_protocol_options:
      {{- with $pool.idleTimeout }}
      idle_timeout: {{ include "echo.protoDuration" . }}
      {{- end }}
      {{- with $pool.maxRequestsPerConnection }}
      max_requests_per_connection: {{ int64 . }}
      {{- end }}
    {{- end }}
    explicit_http_config:
      http2_protocol_options:
        max_concurrent_streams: {{ $pool.maxConcurrentStreams | default 1000 | int64 }}
        {{- with $pool.keepalive.interval }}
        connection_keepalive: {interval: {{ include "echo.protoDuration" . }}, timeout: {{ $pool.keepalive.timeout | default "20s" | include "echo.protoDuration" }}}
        {{- end }}
circuit_breakers:
  thresholds:
    - max_connections: {{ $pool.maxConnections | default 1024 | int64 }}
      max_requests: {{ $pool.maxRequests | default 100000 | int64 }}
      max_pending_requests: {{ $pool.maxPendingRequests | default 100000 | int64 }}
      {{- if and $lb.retries.enabled $lb.retries.budget.percent }}
      retry_budget:
        budget_percent: {value: {{ $lb.retries.budget.percent }}}
        min_retry_concurrency: {{ int64 $lb.retries.budget.minConcurrency }}
      {{- end }}
{{- with $lb.outlierDetection }}
{{- if .enabled }}
outlier_detection:
  consecutive_5xx: {{ .consecutive5xxErrors | default 5 | int64 }}
  enforcing_consecutive_5xx: {{ ternary 100 0 (ne (int64 .consecutive5xxErrors) 0) }}
  consecutive_gateway_failure: {{ .consecutiveGatewayErrors | default 5 | int64 }}
  enforcing_consecutive_gateway_failure: {{ ternary 100 0 (ne (int64 .consecutiveGatewayErrors) 0) }}
  {{- /* Envoy would also judge by its own statistics of success; what is asked for here is failures in a row alone. */}}
  enforcing_success_rate: 0
  enforcing_local_origin_success_rate: 0
  interval: {{ include "echo.protoDuration" .interval }}
  base_ejection_time: {{ include "echo.protoDuration" .baseEjectionTime }}
  max_ejection_percent: {{ int64 .maxEjectionPercent }}
  split_external_local_origin_errors: {{ .splitExternalLocalOriginErrors }}
{{- end }}
{{- end }}
{{- if $envoy.perEndpointStats }}
track_cluster_stats: {per_endpoint_stats: true}
{{- end }}
load_assignment:
  cluster_name: upstream
  endpoints:
    - lb_endpoints:
        - endpoint: {address: {socket_address: {address: {{ include "echo.envoyUpstreamHost" . }}, port_value: {{ $envoy.upstreamPort | default (include "echo.portNumber" (dict "root" . "port" (include "echo.grpcPort" .))) }}}}}
{{- end -}}

{{- define "echo.envoyUpstreamHost" -}}
  {{- tpl (.Values.client.envoySidecar.upstreamHost | default "") . | default (include "echo.headlessHost" .) -}}
{{- end -}}

{{/* Policy, warm-up and panic threshold, each line after a break. */}}
{{- define "echo.envoyPolicy" -}}
{{- $lb := .Values.loadBalancing -}}
{{- $policy := include "echo.policy" . -}}
{{- $maglev := eq $lb.consistentHash.algorithm "maglev" -}}
{{- $names := dict "roundRobin" "ROUND_ROBIN" "leastRequest" "LEAST_REQUEST" "random" "RANDOM" "consistentHash" (ternary "MAGLEV" "RING_HASH" $maglev) }}
lb_policy: {{ get $names $policy }}
{{- if eq $policy "consistentHash" }}
{{- if $maglev }}
maglev_lb_config: {table_size: {{ int64 $lb.consistentHash.tableSize }}}
{{- else }}
ring_hash_lb_config: {minimum_ring_size: {{ int64 $lb.consistentHash.minimumRingSize }}}
{{- end }}
{{- else if or $lb.warmup.duration (and (eq $policy "leastRequest") (ne (int64 $lb.choiceCount) 2)) }}
{{ eq $policy "leastRequest" | ternary "least_request" "round_robin" }}_lb_config:
  {{- if and (eq $policy "leastRequest") (ne (int64 $lb.choiceCount) 2) }}
  choice_count: {{ int64 $lb.choiceCount }}
  {{- end }}
  {{- if $lb.warmup.duration }}
  slow_start_config:
    slow_start_window: {{ include "echo.protoDuration" $lb.warmup.duration }}
    min_weight_percent: {value: {{ $lb.warmup.minimumPercent }}}
    {{- with $lb.warmup.aggression }}
    aggression: {default_value: {{ . }}, runtime_key: warmup.aggression}
    {{- end }}
  {{- end }}
{{- end }}
common_lb_config:
  healthy_panic_threshold: {value: {{ $lb.outlierDetection.minHealthPercent }}}
{{- end -}}

{{/* The one route: no limit of time but the call's own, retries and the hashed key. Takes the root. */}}
{{- define "echo.envoyRoute" -}}
{{- $lb := .Values.loadBalancing -}}
{{- $hash := $lb.consistentHash -}}
cluster: upstream
timeout: {{ $lb.timeout | default "0s" | include "echo.protoDuration" }}
max_stream_duration: {grpc_timeout_header_max: 0s}
{{- if and $lb.retries.enabled $lb.retries.attempts }}
retry_policy:
  num_retries: {{ int $lb.retries.attempts }}
  retry_on: {{ join "," $lb.retries.retryOn }}
  {{- with $lb.retries.perTryTimeout }}
  per_try_timeout: {{ include "echo.protoDuration" . }}
  {{- end }}
{{- end }}
{{- if eq $lb.policy "consistentHash" }}
hash_policy:
  {{- if $hash.header }}
  - header: {header_name: {{ $hash.header }}}
  {{- else if $hash.cookie.name }}
  - cookie: {name: {{ $hash.cookie.name }}, path: {{ $hash.cookie.path | quote }}, ttl: {{ $hash.cookie.ttl | default "0s" | include "echo.protoDuration" }}}
  {{- else }}
  - connection_properties: {source_ip: true}
  {{- end }}
{{- end }}
{{- end -}}
