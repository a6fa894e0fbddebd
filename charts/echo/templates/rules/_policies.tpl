{{/* Who may call. */}}

{{- define "echo.rule.authorization-empty" -}}
  {{- $policy := .v.istio.authorizationPolicy -}}
  {{- if and .server .v.istio.enabled $policy.enabled (eq $policy.action "ALLOW") -}}
    {{- if not (or (values ($policy.allowFrom | default dict) | compact) $policy.rules) -}}
      {}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* The next two are asked where Istio is on. */}}
{{- define "echo.rule.authorization-caller" -}}
  {{- $policy := .v.istio.authorizationPolicy -}}
  {{- range $name, $caller := ternary $policy.allowFrom dict $policy.enabled -}}
    {{- if kindIs "map" $caller -}}
      {{- if not (or $caller.serviceAccounts $caller.namespaces $caller.principals $caller.methods) }}
{{ toJson (dict "caller" $name) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.sidecar-policy" -}}
  {{- if and (eq .mesh "istio") (not (has "server" .v.istio.sidecar.inject)) -}}
    {{- $asks := dict "authorizationPolicy.enabled" .v.istio.authorizationPolicy.enabled -}}
    {{- $mtls := .v.istio.peerAuthentication -}}
    {{- $_ := set $asks "peerAuthentication.mode" (has $mtls.mode (list "STRICT" "PERMISSIVE")) -}}
    {{- $_ := set $asks "peerAuthentication.portLevel" $mtls.portLevel -}}
    {{- include "echo.asked" (dict "of" "istio" "asks" $asks) -}}
  {{- end -}}
{{- end -}}

{{/* Whoever has written down who may call takes the rest for kept out. */}}
{{- define "echo.rule.policy-off" -}}
  {{- $policy := .v.istio.authorizationPolicy -}}
  {{- if not $policy.enabled -}}
    {{- range $key := list "allowFrom" "rules" -}}
      {{- if get $policy $key }}
{{ toJson (dict "path" (printf "istio.authorizationPolicy.%s" $key) "switch" "istio.authorizationPolicy.enabled") }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- $network := .v.networkPolicy -}}
  {{- if not $network.enabled -}}
    {{- range $path, $value := dict "egress.enabled" $network.egress.enabled "from" $network.from "metricsFrom" $network.metricsFrom -}}
      {{- if $value }}
{{ toJson (dict "path" (printf "networkPolicy.%s" $path) "switch" "networkPolicy.enabled") }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- if and $network.egress.to (not $network.egress.enabled) }}
{{ toJson (dict "path" "networkPolicy.egress.to" "switch" "networkPolicy.egress.enabled") }}
  {{- end -}}
{{- end -}}
