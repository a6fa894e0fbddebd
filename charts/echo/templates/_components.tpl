{{/* What runs here: server, client or lookaside. auto looks at the arguments alone, so `args: [-h, HOST:PORT]` is enough for a client. */}}
{{- define "echo.mode" -}}
  {{- if ne .Values.mode "auto" -}}
    {{- .Values.mode -}}
  {{- else -}}
    {{- has "-h" (.Values.args | default list) | ternary "client" "server" -}}
  {{- end -}}
{{- end -}}

{{/* Kind of a component's workload; "" when this release has no such component. Takes root and component. */}}
{{- define "echo.kindOf" -}}
  {{- $v := .root.Values -}}
  {{- $mode := include "echo.mode" .root -}}
  {{- if eq .component "server" -}}
    {{- eq $mode "server" | ternary $v.workload.kind "" -}}
  {{- else if eq .component "client" -}}
    {{- or (eq $mode "client") (and (eq $mode "server") $v.client.enabled) | ternary $v.client.kind "" -}}
  {{- else -}}
    {{- or (eq $mode "lookaside") $v.lookaside.enabled | ternary "Deployment" "" -}}
  {{- end -}}
{{- end -}}

{{/* Whether a component is the one that the values at the top are about; what stands beside it has values of its own. */}}
{{- define "echo.isMain" -}}
  {{- if eq .component (include "echo.mode" .root) }}true{{ end -}}
{{- end -}}

{{/* The mesh that this release is part of: istio (sidecars), ambient, linkerd or "". */}}
{{- define "echo.mesh" -}}
  {{- if .Values.istio.enabled -}}
    {{- eq .Values.istio.mode "ambient" | ternary "ambient" "istio" -}}
  {{- else if .Values.linkerd.enabled -}}
    linkerd
  {{- end -}}
{{- end -}}

{{/* The mesh that a component's own pods are part of; a test's are where any other's are. Takes root and component. */}}
{{- define "echo.meshOf" -}}
  {{- $mesh := include "echo.mesh" .root -}}
  {{- $inject := .root.Values.istio.sidecar.inject -}}
  {{- if or (ne $mesh "istio") (has .component $inject) (and $inject (eq .component "test")) -}}
    {{- $mesh -}}
  {{- end -}}
{{- end -}}

{{/* Whether there is a headless Service. */}}
{{- define "echo.headless" -}}
  {{- $v := .Values -}}
  {{- if eq (include "echo.mode" .) "server" -}}
    {{- if ne (toString $v.headless.enabled) "auto" -}}
      {{- $v.headless.enabled | ternary "true" "" -}}
    {{- else if or (not (include "echo.mesh" .)) (eq $v.workload.kind "StatefulSet") $v.client.envoySidecar.enabled $v.loadBalancing.serviceConfigMap -}}
      true
    {{- else if and $v.client.enabled (not (include "echo.meshOf" (dict "root" . "component" "client"))) -}}
      true
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* The port that speaks gRPC: `grpc`, or else the first by name that does. Its name in `ports`, or "". */}}
{{- define "echo.grpcPort" -}}
  {{- $found := "" -}}
  {{- range $name, $port := include "echo.ports" (dict "root" . "component" "server") | fromJson -}}
    {{- if and (eq (include "echo.protocol" (dict "name" $name "port" $port)) "grpc") (or (not $found) (eq $name "grpc")) -}}
      {{- $found = $name -}}
    {{- end -}}
  {{- end -}}
  {{- $found -}}
{{- end -}}
