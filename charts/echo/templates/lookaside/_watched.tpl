{{/* Whether a component's pods watch EndpointSlices, and so need a token. Takes root and component. */}}
{{- define "echo.watches" -}}
  {{- if eq .component "lookaside" -}}
    true
  {{- else if and (eq .component "client") (eq .root.Values.client.resolver "endpointSlices") -}}
    true
  {{- end -}}
{{- end -}}

{{/*
Namespaces that a component watches, as JSON: what it watches there, by namespace; "*" is all of them. Takes root and component.
*/}}
{{- define "echo.watched" -}}
  {{- $slices := list "endpointslices" -}}
  {{- $watched := dict -}}
  {{- if eq .component "client" -}}
    {{- $target := include "echo.dialled" .root | trimPrefix "k8s:" | trimAll "/" -}}
    {{- $_ := set $watched (include "echo.namespaceOf" (dict "root" .root "name" $target)) $slices -}}
  {{- else -}}
    {{- range $name, $entry := include "echo.lookaside.services" .root | fromJson -}}
      {{- $names := $entry.failover | default list -}}
      {{- range $entry.backends | default (list (dict "service" $name)) -}}
        {{- $names = append $names .service -}}
      {{- end -}}
      {{- range $names -}}
        {{- $_ := set $watched (include "echo.namespaceOf" (dict "root" $.root "name" .)) $slices -}}
      {{- end -}}
    {{- end -}}
    {{- range .root.Values.lookaside.discover.namespaces -}}
      {{- $_ := set $watched . (list "endpointslices" "services") -}}
    {{- end -}}
    {{- if hasKey $watched "*" -}}
      {{- $watched = pick $watched "*" -}}
    {{- end -}}
  {{- end -}}
  {{- toJson $watched -}}
{{- end -}}

{{/* The namespace in SERVICE.NAMESPACE:PORT; the release's where there is none. Takes root and name. */}}
{{- define "echo.namespaceOf" -}}
  {{- regexFind "[.][a-z0-9-]+" (toString .name) | trimPrefix "." | default (include "echo.namespace" .root) -}}
{{- end -}}

{{/* Whom the client calls in the end: after -h among its arguments, or else as the chart has it. Takes the root. */}}
{{- define "echo.dialled" -}}
  {{- $args := ternary .Values.client.args .Values.args (eq (include "echo.mode" .) "server") | default list -}}
  {{- $dialled := include "echo.clientTarget" . -}}
  {{- range $at, $arg := $args -}}
    {{- if eq (toString $arg) "-h" -}}
      {{- $dialled = index (append $args "") (add1 $at | int) | toString -}}
    {{- end -}}
  {{- end -}}
  {{- $dialled -}}
{{- end -}}
