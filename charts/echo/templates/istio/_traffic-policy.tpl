{{/* loadBalancing as a DestinationRule's trafficPolicy, with the user's own merged over it. Takes the root. */}}
{{- define "echo.istio.trafficPolicy" -}}
  {{- include "echo.overlaid" (dict "compiled" (include "echo.istio.compiledPolicy" .) "own" .Values.istio.destinationRule.trafficPolicy) -}}
{{- end -}}

{{- define "echo.istio.compiledPolicy" -}}
{{- $lb := .Values.loadBalancing -}}
loadBalancer:
  {{- include "echo.istio.loadBalancer" . | trim | nindent 2 }}
{{- with include "echo.istio.connectionPool" $lb.connectionPool | trim }}
connectionPool:
  {{- . | nindent 2 }}
{{- end }}
{{- if $lb.outlierDetection.enabled }}
{{- $o := $lb.outlierDetection }}
outlierDetection:
  {{- /* Said in any case: Istio takes an unset 5xx for 5, and would leave out pods for the caller's own errors. */}}
  consecutive5xxErrors: {{ int64 $o.consecutive5xxErrors }}
  consecutiveGatewayErrors: {{ int64 $o.consecutiveGatewayErrors }}
  interval: {{ $o.interval }}
  baseEjectionTime: {{ $o.baseEjectionTime }}
  maxEjectionPercent: {{ int64 $o.maxEjectionPercent }}
  minHealthPercent: {{ int64 $o.minHealthPercent }}
  {{- if $o.splitExternalLocalOriginErrors }}
  splitExternalLocalOriginErrors: true
  {{- end }}
{{- end }}
{{- if and $lb.retries.enabled $lb.retries.attempts $lb.retries.budget.percent }}
retryBudget:
  percent: {{ $lb.retries.budget.percent }}
  minRetryConcurrency: {{ int64 $lb.retries.budget.minConcurrency }}
{{- end }}
{{- end -}}

{{- define "echo.istio.loadBalancer" -}}
{{- $lb := .Values.loadBalancing -}}
{{- $hash := $lb.consistentHash -}}
{{- $simple := dict "roundRobin" "ROUND_ROBIN" "leastRequest" "LEAST_REQUEST" "random" "RANDOM" "passthrough" "PASSTHROUGH" -}}
{{- with get $simple (include "echo.policy" .) }}
simple: {{ . }}
{{- else }}
consistentHash:
  {{- if $hash.header }}
  httpHeaderName: {{ $hash.header }}
  {{- else if $hash.cookie.name }}
  httpCookie:
    name: {{ $hash.cookie.name }}
    {{- with $hash.cookie.path }}
    path: {{ . }}
    {{- end }}
    ttl: {{ $hash.cookie.ttl | default "0s" }}
  {{- else }}
  useSourceIp: true
  {{- end }}
  {{- if eq $hash.algorithm "maglev" }}
  maglev:
    tableSize: {{ int64 $hash.tableSize }}
  {{- else }}
  ringHash:
    minimumRingSize: {{ int64 $hash.minimumRingSize }}
  {{- end }}
{{- end }}
{{- with $lb.warmup.duration }}
warmup:
  duration: {{ . }}
  minimumPercent: {{ int64 $lb.warmup.minimumPercent }}
  {{- with $lb.warmup.aggression }}
  aggression: {{ . }}
  {{- end }}
{{- end }}
{{- $mode := $lb.locality.mode }}
{{- if eq $mode "zoneAware" }}
zoneAwareLbSetting:
  enabled: true
{{- else if has $mode (list "failover" "distribute") }}
localityLbSetting:
  enabled: true
  {{- range $key := ternary (list "distribute") (list "failover" "failoverPriority") (eq $mode "distribute") }}
  {{- with get $lb.locality $key }}
  {{ $key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end -}}
