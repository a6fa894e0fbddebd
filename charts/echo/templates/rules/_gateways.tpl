{{/* Gateways, and what is attached to their routes. Asked where a server runs. */}}

{{- define "echo.rule.gateway-class" -}}
  {{- if and .v.gatewayApi.gateway.create (not .v.gatewayApi.gateway.className) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.route-parent" -}}
  {{- $route := .v.gatewayApi.grpcRoute -}}
  {{- if and $route.enabled (not (or $route.parentRefs .v.gatewayApi.gateway.create)) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.gateway-policy" -}}
  {{- if and .v.gatewayApi.envoyGateway.backendTrafficPolicy.enabled (not .v.gatewayApi.grpcRoute.enabled) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.backend-tls" -}}
  {{- $tls := .v.gatewayApi.backendTlsPolicy -}}
  {{- if $tls.enabled -}}
    {{- if not $tls.hostname }}
{{ toJson (dict "problem" "nobody says which name is in the pods' certificate") }}
    {{- end -}}
    {{- if and $tls.caCertificateRefs $tls.wellKnownCACertificates }}
{{ toJson (dict "problem" "caCertificateRefs and wellKnownCACertificates exclude each other") }}
    {{- else if not (or $tls.caCertificateRefs $tls.wellKnownCACertificates) }}
{{ toJson (dict "problem" "nobody says who signed the pods' certificate") }}
    {{- end -}}
  {{- end -}}
{{- end -}}
