{{/*
Whom the client calls. auto: the static Envoy beside it, or else the server of this release, in the way of client.resolver.
"": nobody that the chart knows of. Takes the root.
*/}}
{{- define "echo.clientTarget" -}}
  {{- $client := .Values.client -}}
  {{- if $client.envoySidecar.enabled -}}
    127.0.0.1:{{ int $client.envoySidecar.port }}
  {{- else if ne ($client.target | default "auto") "auto" -}}
    {{- tpl $client.target . -}}
  {{- else if eq (include "echo.mode" .) "server" -}}
    {{- if eq $client.resolver "endpointSlices" -}}
      k8s:///{{ include "echo.sliceName" . }}:{{ include "echo.grpcPortName" . }}
    {{- else if eq $client.resolver "lookaside" -}}
      xds:///{{ include "echo.xdsName" . }}
    {{- else -}}
      {{- include "echo.targetFor" (dict "root" . "component" "client") -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* SERVICE.NAMESPACE of the Service whose EndpointSlices hold this release's servers. Takes the root. */}}
{{- define "echo.sliceName" -}}
  {{- ternary (include "echo.fullname" .) (include "echo.headlessName" .) .Values.service.enabled }}.{{ include "echo.namespace" . -}}
{{- end -}}

{{/* How EndpointSlices name the port that speaks gRPC. */}}
{{- define "echo.grpcPortName" -}}
  {{- $key := include "echo.grpcPort" . -}}
  {{- include "echo.portName" (dict "name" $key "port" (get .Values.ports $key | default dict)) -}}
{{- end -}}

{{/* What clients dial after xds:/// for this release's own Service: its name, and the port that others dial too. */}}
{{- define "echo.xdsName" -}}
  {{- $podPort := include "echo.portNumber" (dict "root" . "port" (include "echo.grpcPort" .)) -}}
  {{- include "echo.sliceName" . }}:{{ ternary (include "echo.grpcServicePort" .) $podPort .Values.service.enabled -}}
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

{{/*
Whether the client has to balance by itself: over EndpointSlices it always does, and else where the chart has chosen a target
that asks for it. Takes the root.
*/}}
{{- define "echo.clientBalances" -}}
  {{- $client := .Values.client -}}
  {{- if eq $client.resolver "endpointSlices" -}}
    true
  {{- else if and (eq $client.resolver "dns") (eq ($client.target | default "auto") "auto") (eq (include "echo.mode" .) "server") (not $client.envoySidecar.enabled) -}}
    {{- include "echo.balancesItself" (dict "root" . "component" "client") -}}
  {{- end -}}
{{- end -}}
