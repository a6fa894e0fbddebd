{{/* Labels of a pod in the mesh: whether a sidecar goes in, by which revision, or whether ambient takes it. Takes root, component, kind. */}}
{{- define "echo.istio.podLabels" -}}
{{- $mesh := include "echo.mesh" .root -}}
{{- if eq $mesh "ambient" }}
istio.io/dataplane-mode: ambient
sidecar.istio.io/inject: "false"
{{- else if eq $mesh "istio" }}
{{- $in := ne (include "echo.meshOf" .) "" }}
sidecar.istio.io/inject: {{ $in | quote }}
{{- with .root.Values.istio.revision }}
{{- if $in }}
istio.io/rev: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Annotations for the sidecar of a pod that has one. Takes root, component and kind. */}}
{{- define "echo.istio.podAnnotations" -}}
{{- if eq (include "echo.meshOf" .) "istio" }}
{{- $sidecar := .root.Values.istio.sidecar -}}
{{- $native := toString $sidecar.nativeSidecar -}}
{{- if or (ne $native "auto") (has .kind (list "Job" "CronJob" "Test")) }}
sidecar.istio.io/nativeSidecar: {{ eq $native "false" | ternary "false" "true" | quote }}
{{- end }}
{{- with $sidecar.proxyConfig }}
proxy.istio.io/config: {{ toJson . | quote }}
{{- end }}
{{- range $key, $name := dict "cpu" "CPU" "memory" "Memory" }}
{{- with get ($sidecar.resources.requests | default dict) $key }}
sidecar.istio.io/proxy{{ $name }}: {{ include "echo.string" . | quote }}
{{- end }}
{{- with get ($sidecar.resources.limits | default dict) $key }}
sidecar.istio.io/proxy{{ $name }}Limit: {{ include "echo.string" . | quote }}
{{- end }}
{{- end }}
{{- if not (include "echo.istio.capturesInbound" .) }}
traffic.sidecar.istio.io/includeInboundPorts: ""
{{- else }}
{{- with include "echo.istio.excludeInboundPorts" .root }}
traffic.sidecar.istio.io/excludeInboundPorts: {{ . | quote }}
{{- end }}
{{- end }}
{{- with include "echo.portNumbers" (dict "root" .root "ports" $sidecar.excludeOutboundPorts) }}
traffic.sidecar.istio.io/excludeOutboundPorts: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A client has no callers in the mesh, so nothing need be caught on the way in: probes and scrapes come as they are. */}}
{{- define "echo.istio.capturesInbound" -}}
  {{- $wanted := toString .root.Values.istio.sidecar.captureInbound -}}
  {{- if eq $wanted "auto" -}}
    {{- eq .component "server" | ternary "true" "" -}}
  {{- else -}}
    {{- eq $wanted "true" | ternary "true" "" -}}
  {{- end -}}
{{- end -}}

{{/* With STRICT mTLS a scrape without a certificate would be refused, so the scraped port is left alone. Takes the root. */}}
{{- define "echo.istio.excludeInboundPorts" -}}
  {{- $ports := .Values.istio.sidecar.excludeInboundPorts -}}
  {{- if eq (toString $ports) "auto" -}}
    {{- $ports = list -}}
    {{- range $monitor := list .Values.metrics.serviceMonitor .Values.metrics.podMonitor -}}
      {{- if and $monitor.enabled (eq $.Values.istio.peerAuthentication.mode "STRICT") -}}
        {{- $ports = append $ports $monitor.port -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- include "echo.portNumbers" (dict "root" . "ports" (uniq $ports)) -}}
{{- end -}}

{{/* Ports, by name or number, as numbers with commas between. Takes root and ports. */}}
{{- define "echo.portNumbers" -}}
  {{- $root := .root -}}
  {{- $numbers := list -}}
  {{- range .ports -}}
    {{- $numbers = append $numbers (include "echo.portNumber" (dict "root" $root "port" .)) -}}
  {{- end -}}
  {{- join "," $numbers -}}
{{- end -}}
