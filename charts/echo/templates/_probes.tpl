{{/* Probes of a container, each with a line break before it. A Job has none: it ends by itself. Takes root, component, kind. */}}
{{- define "echo.probes" -}}
{{- if not (has .kind (list "Job" "CronJob")) }}
{{- $ctx := . -}}
{{- range $name := list "startup" "readiness" "liveness" }}
{{- $probe := get $ctx.root.Values.probes $name }}
{{- if not (include "echo.isMain" $ctx) }}
{{- $probe = merge (dict "type" "http") (pick $probe "enabled" "periodSeconds" "timeoutSeconds" "failureThreshold") }}
{{- end }}
{{- if $probe.enabled }}
{{ $name }}Probe:
  {{- include "echo.probe" (merge (dict "name" $name "probe" $probe) $ctx) | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Also takes name and probe. The port of a gRPC probe is a number: Kubernetes knows no names there. */}}
{{- define "echo.probe" -}}
{{- $type := include "echo.probeType" . -}}
{{- $key := include "echo.probePort" . -}}
{{- $port := get (include "echo.ports" . | fromJson) $key | default dict -}}
{{- if .probe.raw -}}
{{- toYaml .probe.raw -}}
{{- else -}}
{{- if eq $type "grpc" -}}
grpc:
  port: {{ int $port.containerPort }}
  {{- with .probe.service }}
  service: {{ . | quote }}
  {{- end }}
{{- else if eq $type "http" -}}
httpGet:
  path: {{ .probe.path | default (eq .name "readiness" | ternary "/readyz" "/livez") }}
  port: {{ $key | quote }}
{{- else -}}
tcpSocket:
  port: {{ $key | quote }}
{{- end }}
periodSeconds: {{ int64 .probe.periodSeconds }}
timeoutSeconds: {{ int64 .probe.timeoutSeconds }}
failureThreshold: {{ int64 .probe.failureThreshold }}
{{- end -}}
{{- end -}}

{{/* A server answers grpc.health.v1; a client answers on its admin port. */}}
{{- define "echo.probeType" -}}
  {{- eq .probe.type "auto" | ternary (eq .component "server" | ternary "grpc" "http") .probe.type -}}
{{- end -}}

{{- define "echo.probePort" -}}
  {{- .probe.port | default (eq (include "echo.probeType" .) "http" | ternary "metrics" (include "echo.grpcPort" .root | default "grpc")) -}}
{{- end -}}
