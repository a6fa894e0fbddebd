{{/* Ambient without a waypoint knows connections alone. */}}

{{- define "echo.rule.ambient-waypoint" -}}
  {{- if and (eq .mesh "ambient") (not (include "echo.istio.waypoint" .root)) -}}
    {{- with include "echo.needsWaypoint" .v -}}
      {{ toJson (dict "need" .) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* The first of the values that only a proxy of calls can carry out. Takes the values. */}}
{{- define "echo.needsWaypoint" -}}
  {{- $lb := .loadBalancing -}}
  {{- $vs := .istio.virtualService -}}
  {{- $pool := $lb.connectionPool -}}
  {{- if $vs.routes -}} istio.virtualService.routes
  {{- else if or $vs.fault.abort.percent $vs.fault.delay.percent -}} istio.virtualService.fault
  {{- else if $vs.mirror.percent -}} istio.virtualService.mirror
  {{- else if eq (toString $vs.enabled) "true" -}} istio.virtualService.enabled
  {{- else if $lb.timeout -}} loadBalancing.timeout
  {{- else if $lb.retries.enabled -}} loadBalancing.retries
  {{- else if $lb.outlierDetection.enabled -}} loadBalancing.outlierDetection
  {{- else if eq $lb.policy "consistentHash" -}} loadBalancing.consistentHash
  {{- else if $lb.warmup.duration -}} loadBalancing.warmup
  {{- else if has $lb.locality.mode (list "failover" "distribute") -}} loadBalancing.locality
  {{- else if or $pool.maxRequests $pool.maxPendingRequests $pool.maxConcurrentStreams $pool.maxRequestsPerConnection -}}
    loadBalancing.connectionPool
  {{- else if .gatewayApi.meshRoute.enabled -}} gatewayApi.meshRoute
  {{- else if .istio.authorizationPolicy.enabled -}}
    {{- $ofCalls := `"(not)?([Pp]aths|[Mm]ethods|[Hh]osts|[Rr]equestPrincipals)":|"request[.]` -}}
    {{- if regexMatch `"methods":\[[^\]]` (toJson .istio.authorizationPolicy.allowFrom) -}} istio.authorizationPolicy.allowFrom
    {{- else if regexMatch $ofCalls (toJson .istio.authorizationPolicy.rules) -}} istio.authorizationPolicy.rules
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.ambient-stats" -}}
  {{- if and (eq .mesh "ambient") .v.istio.perEndpointStats.enabled -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.ambient-pins" -}}
  {{- if and .server (eq .mesh "ambient") (not (include "echo.istio.waypoint" .root)) -}}
    {}
  {{- end -}}
{{- end -}}
