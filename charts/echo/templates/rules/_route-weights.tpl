{{/* How routes share calls out. Asked where a server runs. */}}

{{/* A weight that is not there is 0 to Istio, which gives a single destination all calls; to the Gateway API it is 1. */}}
{{- define "echo.rule.route-weights" -}}
  {{- if include "echo.istio.virtualService" .root -}}
    {{- $routes := .v.istio.virtualService.routes -}}
    {{- include "echo.weightless" (dict "path" "istio.virtualService.routes" "routes" $routes "of" "destinations" "unset" 0 "least" 2) -}}
  {{- end -}}
  {{- range $key := list "grpcRoute" "meshRoute" -}}
    {{- $route := get $.v.gatewayApi $key -}}
    {{- if $route.enabled -}}
      {{- $path := printf "gatewayApi.%s.rules" $key -}}
      {{- include "echo.weightless" (dict "path" $path "routes" $route.rules "of" "backends" "unset" 1 "least" 1) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Takes path and routes, of: where a route's targets are, unset: the weight of one without, least: targets that need one. */}}
{{- define "echo.weightless" -}}
  {{- range $name, $route := .routes -}}
    {{- if and $route (ne (toString $route.enabled) "false") -}}
      {{- $sum := 0 -}}
      {{- $count := 0 -}}
      {{- range index $route $.of -}}
        {{- if kindIs "map" . -}}
          {{- $sum = add $sum (hasKey . "weight" | ternary .weight $.unset | int) -}}
          {{- $count = add1 $count -}}
        {{- end -}}
      {{- end -}}
      {{- if and (ge (int $count) $.least) (eq (int $sum) 0) }}
{{ toJson (dict "path" (printf "%s.%s" $.path $name)) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
