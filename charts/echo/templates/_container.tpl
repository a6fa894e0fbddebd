{{/* The one container. Takes root, component and kind. */}}
{{- define "echo.container" -}}
{{- $v := .root.Values -}}
name: {{ include "echo.name" .root }}
image: {{ include "echo.image" .root | quote }}
imagePullPolicy: {{ $v.image.pullPolicy }}
{{- with $v.command }}
command:
  {{- include "echo.stringList" . | trim | nindent 2 }}
{{- end }}
{{- with include "echo.args" . }}
args:
  {{- . | trim | nindent 2 }}
{{- end }}
env:
  {{- include "echo.env" . | trim | nindent 2 }}
{{- with include "echo.ports" . | fromYaml }}
ports:
  {{- range $name, $port := . }}
  - name: {{ $name }}
    containerPort: {{ int $port.containerPort }}
    protocol: TCP
  {{- end }}
{{- end }}
{{- include "echo.probes" . }}
{{- if and (eq .component "server") $v.shutdown.preStopSleepSeconds }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ int64 $v.shutdown.preStopSleepSeconds }}
{{- end }}
{{- with $v.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $v.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The ports of this component that are on, as YAML. A client serves its metrics; it has no gRPC port. */}}
{{- define "echo.ports" -}}
  {{- $on := dict -}}
  {{- range $name, $port := .root.Values.ports -}}
    {{- if and $port (ne (toString $port.enabled) "false") (or (eq $.component "server") (ne $name "grpc")) -}}
      {{- $_ := set $on $name $port -}}
    {{- end -}}
  {{- end -}}
  {{- toYaml $on -}}
{{- end -}}
