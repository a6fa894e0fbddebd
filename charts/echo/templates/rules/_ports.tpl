{{/* Ports. A client has no port that is called grpc. */}}

{{- define "echo.rule.port-number" -}}
  {{- range $name, $port := .ports -}}
    {{- if not (or $port.containerPort (and (eq $name "grpc") (not $.server))) }}
{{ toJson (dict "port" $name) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/*
A number is taken once in a pod, once on the Service and once on the nodes. The chart's own ports come first, so that the
user's are told; of one port only the first clash is.
*/}}
{{- define "echo.rule.port-twice" -}}
  {{- $taken := dict -}}
  {{- range $name := concat (list "grpc" "metrics") (omit .ports "grpc" "metrics" | keys | sortAlpha) -}}
    {{- $port := get $.ports $name | default dict -}}
    {{- $numbers := dict -}}
    {{- if or $.server (ne $name "grpc") -}}
      {{- $_ := set $numbers "containerPort" $port.containerPort -}}
    {{- end -}}
    {{- if and $.server $.v.service.enabled (include "echo.isExposed" (dict "port" $port "on" "service")) -}}
      {{- $_ := set $numbers "nodePort" $port.nodePort -}}
      {{- $_ := set $numbers "servicePort" ($port.servicePort | default $port.containerPort) -}}
    {{- end -}}
    {{- $told := false -}}
    {{- range $key, $number := $numbers -}}
      {{- if $number -}}
        {{- $place := printf "%s %d" $key (int $number) -}}
        {{- $other := get $taken $place -}}
        {{- $_ := set $taken $place (printf "ports.%s" $name) -}}
        {{- if and $other (not $told) -}}
          {{- $told = true -}}
          {{- $where := get (dict "nodePort" " on the nodes" "servicePort" " on the Service") $key }}
{{ toJson (dict "path" (printf "ports.%s.%s" $name $key) "number" $number "other" $other "where" $where) }}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.node-port" -}}
  {{- if and .v.service.enabled (eq (.v.service.type | default "ClusterIP") "ClusterIP") -}}
    {{- range $name, $port := .ports -}}
      {{- if and $port.nodePort (include "echo.isExposed" (dict "port" $port "on" "service")) }}
{{ toJson (dict "port" $name) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Whether a Service offers a port. Takes port, and on: service or headless. */}}
{{- define "echo.isExposed" -}}
  {{- $services := hasKey .port "expose" | ternary .port.expose (list "service" "headless") -}}
  {{- if has .on ($services | default list) }}true{{ end -}}
{{- end -}}
