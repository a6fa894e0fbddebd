{{/* The static Envoy beside a client. Asked where it is on. */}}

{{- define "echo.rule.envoy-upstream" -}}
  {{- if and .client (not (or .server .v.client.envoySidecar.upstreamHost)) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.envoy-headless" -}}
  {{- if and .server .client (not (or .v.client.envoySidecar.upstreamHost (include "echo.headless" .root))) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.envoy-client" -}}
  {{- if not .client -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.envoy-target" -}}
  {{- if and .client .target -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.envoy-args" -}}
  {{- if and .client (has "-h" .clientArgs) -}}
    {{ toJson (dict "path" .clientArgsPath) }}
  {{- end -}}
{{- end -}}

{{/* Ambient passes whole connections on, so an Envoy that balances over the pods' own addresses is of use there. */}}
{{- define "echo.rule.envoy-mesh" -}}
  {{- if has .clientMesh (list "istio" "linkerd") -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.envoy-port" -}}
  {{- $envoy := .v.client.envoySidecar -}}
  {{- if .client -}}
    {{- $taken := dict -}}
    {{- range $name, $port := ternary (pick .ports "metrics") (omit .ports "grpc") .server -}}
      {{- $_ := set $taken (int $port.containerPort | toString) (printf "ports.%s" $name) -}}
    {{- end -}}
    {{- range $key := list "port" "adminPort" "statsPort" -}}
      {{- $number := get $envoy $key | int | toString -}}
      {{- with get $taken $number }}
{{ toJson (dict "key" $key "number" $number "other" .) }}
      {{- end -}}
      {{- $_ := set $taken $number (printf "client.envoySidecar.%s" $key) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
