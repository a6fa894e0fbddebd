{{/* What loadBalancing says of policies and retries. */}}

{{- define "echo.rule.least-conn" -}}
  {{- if eq .v.loadBalancing.policy "LEAST_CONN" -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.pick-first" -}}
  {{- if eq .v.loadBalancing.policy "pickFirst" -}}
    {{- include "echo.proxies" . -}}
    {{- if and .server .v.istio.enabled .v.istio.destinationRule.enabled }}
{{ toJson (dict "proxy" "Istio") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.passthrough" -}}
  {{- if eq .v.loadBalancing.policy "passthrough" -}}
    {{- include "echo.proxies" . -}}
  {{- end -}}
{{- end -}}

{{/* The proxies that loadBalancing is compiled for and that know no more policies than Envoy has. */}}
{{- define "echo.proxies" -}}
  {{- if and .server .v.gatewayApi.envoyGateway.backendTrafficPolicy.enabled }}
{{ toJson (dict "proxy" "Envoy Gateway") }}
  {{- end -}}
  {{- if and .client .v.client.envoySidecar.enabled }}
{{ toJson (dict "proxy" "the static Envoy") }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.hash-key" -}}
  {{- if eq .v.loadBalancing.policy "consistentHash" -}}
    {{- $hash := .v.loadBalancing.consistentHash -}}
    {{- $count := list $hash.header $hash.cookie.name $hash.sourceIp | compact | len -}}
    {{- if ne $count 1 -}}
      {{ toJson (dict "count" (index (list "none" "one" "two" "three") $count)) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.hash-policy" -}}
  {{- $policy := .v.loadBalancing.policy -}}
  {{- $hash := .v.loadBalancing.consistentHash -}}
  {{- if and (ne $policy "consistentHash") (or $hash.header $hash.cookie.name $hash.sourceIp) -}}
    {{ toJson (dict "policy" $policy) }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.retries-none" -}}
  {{- $retries := .v.loadBalancing.retries -}}
  {{- if and $retries.enabled (not $retries.attempts) $retries.perTryTimeout -}}
    {}
  {{- end -}}
{{- end -}}
