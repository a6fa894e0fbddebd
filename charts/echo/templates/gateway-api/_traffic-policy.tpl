{{/* loadBalancing as Envoy Gateway's BackendTrafficPolicy spells it. Takes the root. */}}
{{- define "echo.gateway.trafficPolicy" -}}
{{- $lb := .Values.loadBalancing -}}
loadBalancer:
  {{- include "echo.gateway.loadBalancer" $lb | trim | nindent 2 }}
{{- with include "echo.gateway.circuitBreaker" $lb | trim }}
circuitBreaker:
  {{- . | nindent 2 }}
{{- end }}
{{- if $lb.outlierDetection.enabled }}
{{- $o := $lb.outlierDetection }}
healthCheck:
  {{- with $o.minHealthPercent }}
  panicThreshold: {{ int . }}
  {{- end }}
  passive:
    {{- /* 0 is said too: an unset 5xx means 5, which counts the caller's own errors. */}}
    consecutive5XxErrors: {{ int $o.consecutive5xxErrors }}
    consecutiveGatewayErrors: {{ int $o.consecutiveGatewayErrors }}
    interval: {{ $o.interval }}
    baseEjectionTime: {{ $o.baseEjectionTime }}
    maxEjectionPercent: {{ int $o.maxEjectionPercent }}
    splitExternalLocalOriginErrors: {{ $o.splitExternalLocalOriginErrors }}
{{- end }}
{{- if $lb.retries.enabled }}
retry:
  numRetries: {{ int $lb.retries.attempts }}
  {{- with $lb.retries.retryOn }}
  retryOn:
    triggers:
      {{- toYaml . | nindent 6 }}
  {{- end }}
  {{- with $lb.retries.perTryTimeout }}
  perRetry:
    timeout: {{ . }}
  {{- end }}
{{- end }}
{{- with include "echo.gateway.timeouts" $lb | trim }}
timeout:
  {{- . | nindent 2 }}
{{- end }}
{{- with $lb.connectionPool.keepalive }}
{{- if .interval }}
http2:
  connectionKeepalive:
    interval: {{ .interval }}
    timeout: {{ .timeout | default "20s" }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "echo.gateway.loadBalancer" -}}
{{- $hash := .consistentHash -}}
{{- $types := dict "roundRobin" "RoundRobin" "leastRequest" "LeastRequest" "LEAST_CONN" "LeastRequest" "random" "Random" "consistentHash" "ConsistentHash" -}}
type: {{ get $types .policy }}
{{- if eq .policy "consistentHash" }}
consistentHash:
  {{- if $hash.header }}
  type: Header
  header:
    name: {{ $hash.header }}
  {{- else if $hash.cookie.name }}
  type: Cookie
  cookie:
    name: {{ $hash.cookie.name }}
    {{- with $hash.cookie.ttl }}
    ttl: {{ . }}
    {{- end }}
    {{- with $hash.cookie.path }}
    attributes:
      path: {{ . }}
    {{- end }}
  {{- else }}
  type: SourceIP
  {{- end }}
  {{- if eq $hash.algorithm "maglev" }}
  tableSize: {{ int64 $hash.tableSize }}
  {{- end }}
{{- end }}
{{- with .warmup.duration }}
slowStart:
  window: {{ . }}
{{- end }}
{{- if eq .locality.mode "zoneAware" }}
zoneAware:
  preferLocal: {}
{{- end }}
{{- end -}}

{{- define "echo.gateway.circuitBreaker" -}}
{{- $pool := .connectionPool -}}
{{- $limits := dict "maxConnections" $pool.maxConnections "maxParallelRequests" $pool.maxRequests "maxPendingRequests" $pool.maxPendingRequests "maxRequestsPerConnection" $pool.maxRequestsPerConnection -}}
{{- range $key, $value := $limits }}
{{- if $value }}
{{ $key }}: {{ int64 $value }}
{{- end }}
{{- end }}
{{- if and .retries.enabled .retries.attempts .retries.budget.percent }}
retryBudget:
  percent:
    numerator: {{ int .retries.budget.percent }}
  minRetryConcurrency: {{ int .retries.budget.minConcurrency }}
{{- end }}
{{- end -}}

{{- define "echo.gateway.timeouts" -}}
{{- with .connectionPool.connectTimeout }}
tcp:
  connectTimeout: {{ . }}
{{- end }}
{{- if or .timeout .connectionPool.idleTimeout }}
http:
  {{- with .timeout }}
  requestTimeout: {{ . }}
  {{- end }}
  {{- with .connectionPool.idleTimeout }}
  connectionIdleTimeout: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}
