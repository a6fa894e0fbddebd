{{/* Policies that go by load, and who knows them. */}}

{{- define "echo.rule.weighted-round-robin" -}}
  {{- if eq .v.loadBalancing.policy "weightedRoundRobin" -}}
    {{- include "echo.proxies" . -}}
    {{- if and .server .v.istio.enabled .v.istio.destinationRule.enabled }}
{{ toJson (dict "proxy" "Istio") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Another program than ours may well report its load without being told here. */}}
{{- define "echo.rule.weights-reported" -}}
  {{- $none := has (toString .v.server.utilization) (list "" "<nil>") -}}
  {{- if and .server $none (eq .v.loadBalancing.policy "weightedRoundRobin") (hasSuffix "evenly-echo" .v.image.repository) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.warmup-plain" -}}
  {{- $compiled := has .v.client.serviceConfig (list "auto" "always") -}}
  {{- if and .client .v.loadBalancing.warmup.duration (eq .v.loadBalancing.policy "roundRobin") $compiled -}}
    {{- if and (not .v.client.envoySidecar.enabled) (include "echo.clientServiceConfig" .root) -}}
      {}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.choice-count" -}}
  {{- if and .server (ne (int64 .v.loadBalancing.choiceCount) 2) (eq (include "echo.policy" .root) "leastRequest") -}}
    {{- if .v.gatewayApi.envoyGateway.backendTrafficPolicy.enabled }}
{{ toJson (dict "proxy" "Envoy Gateway") }}
    {{- end -}}
    {{- if and .v.istio.enabled .v.istio.destinationRule.enabled }}
{{ toJson (dict "proxy" "Istio") }}
    {{- end -}}
  {{- end -}}
{{- end -}}
