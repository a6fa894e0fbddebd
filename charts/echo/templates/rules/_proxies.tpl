{{/* What the meshes' proxies make of ports, and what only Linkerd has. */}}

{{- define "echo.rule.linkerd-policy" -}}
  {{- if and .v.linkerd.enabled (ne (include "echo.policy" .root) "leastRequest") -}}
    {{ toJson (pick .v.loadBalancing "policy") }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.rate-limit" -}}
  {{- $limit := .v.linkerd.rateLimit -}}
  {{- if $limit.enabled -}}
    {{- if not .v.linkerd.server.enabled }}
{{ toJson (dict "problem" "it limits calls to linkerd.server, which is off") }}
    {{- end -}}
    {{- if not (or $limit.total $limit.identity $limit.overrides) }}
{{ toJson (dict "problem" "there is no limit") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Linkerd takes words that it does not know for opaque TCP, and Istio words that are not HTTP/2's for what they say. */}}
{{- define "echo.rule.app-protocol" -}}
  {{- if .server -}}
    {{- $linkerd := eq .mesh "linkerd" -}}
    {{- $known := ternary (list "kubernetes.io/h2c" "http") (list "grpc" "grpc-web" "http2" "kubernetes.io/h2c") $linkerd -}}
    {{- range $name, $port := .ports -}}
      {{- if and (eq (toString $port.protocol) "grpc") $port.appProtocol (ne (toString $port.appProtocol) "auto") -}}
        {{- if not (has $port.appProtocol $known) }}
{{ toJson (dict "port" $name "mesh" (ternary "Linkerd" "Istio" $linkerd) "value" $port.appProtocol) }}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Ports that the proxy leaves alone stand there by name or number: the pod's own, or that of the Service, which clients dial. */}}
{{- define "echo.rule.proxy-bypassed" -}}
  {{- $lists := dict -}}
  {{- if and .server (eq .mesh "linkerd") -}}
    {{- $lists = dict "linkerd.opaquePorts" .v.linkerd.opaquePorts -}}
  {{- else if and .server (eq .mesh "istio") -}}
    {{- $lists = dict "istio.sidecar.excludeInboundPorts" .v.istio.sidecar.excludeInboundPorts -}}
    {{- if .client -}}
      {{- $_ := set $lists "istio.sidecar.excludeOutboundPorts" .v.istio.sidecar.excludeOutboundPorts -}}
    {{- end -}}
  {{- end -}}
  {{- range $path, $left := $lists -}}
    {{- if and $left (kindIs "slice" $left) -}}
      {{- range $name, $port := $.ports -}}
        {{- $names := list $name (int $port.containerPort | toString) (int $port.servicePort | toString) -}}
        {{- range ternary $left list (eq (toString $port.protocol) "grpc") -}}
          {{- if has (include "echo.string" .) $names }}
{{ toJson (dict "path" $path "port" $name) }}
          {{- end -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
