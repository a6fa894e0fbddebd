{{/*
Whom the client calls. auto: the static Envoy beside it, or else the server of this release. "": nobody that the chart knows
of. Takes the root.
*/}}
{{- define "echo.clientTarget" -}}
  {{- $client := .Values.client -}}
  {{- if $client.envoySidecar.enabled -}}
    127.0.0.1:{{ int $client.envoySidecar.port }}
  {{- else if ne ($client.target | default "auto") "auto" -}}
    {{- tpl $client.target . -}}
  {{- else if eq (include "echo.mode" .) "server" -}}
    {{- include "echo.targetFor" (dict "root" . "component" "client") -}}
  {{- end -}}
{{- end -}}

{{/*
The server's address for a pod of this release: its Service where a proxy of the pod's own balances, and the headless name
where the pod has to do so itself. Takes root, component and kind.
*/}}
{{- define "echo.targetFor" -}}
  {{- if include "echo.balancesItself" . -}}
    dns:///{{ include "echo.headlessTarget" .root }}
  {{- else -}}
    {{ include "echo.serviceHost" .root }}:{{ include "echo.grpcServicePort" .root }}
  {{- end -}}
{{- end -}}

{{- define "echo.balancesItself" -}}
  {{- if and (include "echo.headless" .root) (not (include "echo.meshOf" .)) }}true{{ end -}}
{{- end -}}

{{/* HOST:PORT of the headless Service. Takes the root. */}}
{{- define "echo.headlessTarget" -}}
  {{- include "echo.headlessHost" . }}:{{ include "echo.portNumber" (dict "root" . "port" (include "echo.grpcPort" .)) -}}
{{- end -}}

{{/* Whether the chart has chosen the client's target, and one that the client has to balance over by itself. Takes the root. */}}
{{- define "echo.clientBalances" -}}
  {{- $client := .Values.client -}}
  {{- if and (eq ($client.target | default "auto") "auto") (eq (include "echo.mode" .) "server") (not $client.envoySidecar.enabled) -}}
    {{- include "echo.balancesItself" (dict "root" . "component" "client") -}}
  {{- end -}}
{{- end -}}
