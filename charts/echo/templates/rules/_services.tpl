{{/* The two Services, and what needs them. Asked where a server runs. */}}

{{- define "echo.rule.service-ports" -}}
  {{- range $service, $is := dict "headless" (include "echo.headless" .root) "service" .v.service.enabled -}}
    {{- if $is -}}
      {{- $exposed := false -}}
      {{- range $.ports -}}
        {{- $exposed = or $exposed (include "echo.isExposed" (dict "port" . "on" $service)) -}}
      {{- end -}}
      {{- if not $exposed }}
{{ toJson (dict "service" $service) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.stateful-headless" -}}
  {{- if and (eq .v.workload.kind "StatefulSet") (not (include "echo.headless" .root)) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.session-affinity" -}}
  {{- if and .v.service.enabled (eq .v.service.sessionAffinity "ClientIP") -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.service-needed" -}}
  {{- if not .v.service.enabled -}}
    {{- $needs := dict "metrics.serviceMonitor" .v.metrics.serviceMonitor.enabled -}}
    {{- range $key := list "grpcRoute" "meshRoute" "backendTlsPolicy" -}}
      {{- $_ := set $needs (printf "gatewayApi.%s" $key) (get $.v.gatewayApi $key).enabled -}}
    {{- end -}}
    {{- $_ := set $needs "istio.destinationRule" (and .v.istio.enabled .v.istio.destinationRule.enabled) -}}
    {{- $_ := set $needs "istio.virtualService" (include "echo.istio.virtualService" .root) -}}
    {{- $_ := set $needs "istio.ambient.waypoint" (include "echo.istio.waypoint" .root) -}}
    {{- $_ := set $needs "loadBalancing.locality.mode" (eq .v.loadBalancing.locality.mode "trafficDistribution") -}}
    {{- range $need, $is := $needs -}}
      {{- if $is }}
{{ toJson (dict "need" $need) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.service-config-map" -}}
  {{- if and .v.loadBalancing.serviceConfigMap (not (include "echo.headless" .root)) -}}
    {}
  {{- end -}}
{{- end -}}
