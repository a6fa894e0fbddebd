{{/* The ports of this component that are on, as JSON. All but servers serve their metrics, and have no port grpc. Takes root, component. */}}
{{- define "echo.ports" -}}
  {{- $on := dict -}}
  {{- range $name, $port := .root.Values.ports -}}
    {{- if and (kindIs "map" $port) (ne (toString $port.enabled) "false") (or (eq $.component "server") (ne $name "grpc")) -}}
      {{- $_ := set $on $name $port -}}
    {{- end -}}
  {{- end -}}
  {{- if or (eq .component "lookaside") (and (eq .component "client") (not (include "echo.isMain" .))) -}}
    {{- $on = pick $on "metrics" -}}
  {{- end -}}
  {{- if eq .component "lookaside" -}}
    {{- $_ := set $on "grpc-xds" (dict "containerPort" (int .root.Values.lookaside.port) "protocol" "grpc") -}}
  {{- end -}}
  {{- toJson $on -}}
{{- end -}}

{{/* What is spoken on a port; tcp where it does not say. Takes port. */}}
{{- define "echo.protocol" -}}
  {{- .port.protocol | default "tcp" -}}
{{- end -}}

{{/* A port's name in the Service: Istio reads the protocol from its beginning, so gRPC's begin with grpc. Takes name and port. */}}
{{- define "echo.portName" -}}
  {{- if and (eq (include "echo.protocol" .) "grpc") (not (regexMatch "^grpc(-|$)" .name)) -}}
    {{- printf "grpc-%s" .name -}}
  {{- else -}}
    {{- .name -}}
  {{- end -}}
{{- end -}}

{{/*
A port's appProtocol, which is nothing, or what the mesh in use takes for the right protocol. Istio reads h2c as HTTP/2, and
so retries streams as it would not with gRPC; Linkerd takes grpc, which it does not know, for opaque TCP. Takes root, name, port.
*/}}
{{- define "echo.appProtocol" -}}
  {{- $wanted := .port.appProtocol | default (hasKey .port "appProtocol" | ternary "" "auto") -}}
  {{- if ne $wanted "auto" -}}
    {{- $wanted -}}
  {{- else -}}
    {{- $istio := dict "grpc" "grpc" "http2" "http2" "http" "http" "tcp" "tcp" -}}
    {{- $other := dict "grpc" "kubernetes.io/h2c" "http2" "kubernetes.io/h2c" "http" "http" "tcp" "" -}}
    {{- get (ternary $istio $other .root.Values.istio.enabled) (include "echo.protocol" .) -}}
  {{- end -}}
{{- end -}}

{{/* Number of a port given by its name in `ports`, or as it is. Takes root and port. */}}
{{- define "echo.portNumber" -}}
  {{- $known := get .root.Values.ports (toString .port) | default dict -}}
  {{- int ($known.containerPort | default .port) -}}
{{- end -}}
