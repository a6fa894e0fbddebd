{{/* Near pods first, slow starts, and what only some versions and some tables can. */}}

{{- define "echo.rule.locality-failover" -}}
  {{- if and (eq .v.loadBalancing.locality.mode "failover") (not .v.loadBalancing.outlierDetection.enabled) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.locality-distribute" -}}
  {{- if eq .v.loadBalancing.locality.mode "distribute" -}}
    {{- if not .v.loadBalancing.locality.distribute -}}
      {{ toJson (dict "problem" "the mode is distribute, and there is no place") }}
    {{- end -}}
    {{- range .v.loadBalancing.locality.distribute -}}
      {{- $sum := 0 -}}
      {{- range $percent := kindIs "map" .to | ternary .to dict -}}
        {{- $sum = add $sum (int $percent) -}}
      {{- end -}}
      {{- if ne $sum 100 }}
{{ toJson (dict "problem" (printf "the percents from %v are %d together" (.from | default "?") $sum)) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.locality-istio" -}}
  {{- if and .server (not .v.istio.enabled) (has .v.loadBalancing.locality.mode (list "failover" "distribute")) -}}
    {{ toJson (pick .v.loadBalancing.locality "mode") }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.zone-aware" -}}
  {{- if and .server (eq .v.loadBalancing.locality.mode "zoneAware") -}}
    {{- if and .v.istio.enabled (ne .v.istio.mode "sidecar") -}}
      {{ toJson (dict "problem" "istio.mode is ambient") }}
    {{- else if and .v.istio.enabled (eq .v.istio.minVersion "1.30") -}}
      {{ toJson (dict "problem" "istio.minVersion is 1.30") }}
    {{- else if not (or .v.istio.enabled .v.gatewayApi.envoyGateway.backendTrafficPolicy.enabled) -}}
      {{ toJson (dict "problem" "both are off") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Asked where Istio is on. */}}
{{- define "echo.rule.keepalive-version" -}}
  {{- if and .v.loadBalancing.connectionPool.keepalive.interval .v.istio.destinationRule.enabled (eq .v.istio.minVersion "1.30") -}}
    {}
  {{- end -}}
{{- end -}}
