{{/* Containers that start before the program: the user's, then sidecars of Kubernetes' own kind. Takes root, component, kind. */}}
{{- define "echo.initContainers" -}}
{{- $v := .root.Values -}}
{{- if include "echo.isMain" . }}
{{- range $name, $container := $v.initContainers }}
{{- if $container }}
- {{ merge (dict "name" $name) $container | toYaml | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- range $name, $container := $v.sidecars }}
{{- if and $container $container.native }}
- {{ omit $container "native" | merge (dict "name" $name "restartPolicy" "Always") | toYaml | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .component "client") $v.client.envoySidecar.enabled }}
- {{ include "echo.envoyContainer" .root | nindent 2 | trim }}
{{- end }}
{{- end -}}

{{/* The program's own container. */}}
{{- define "echo.container" -}}
{{- $v := .root.Values -}}
{{- $main := include "echo.isMain" . -}}
{{- $image := include "echo.imageOf" . | fromJson -}}
{{- $beside := ternary $v.lookaside $v.client (eq .component "lookaside") -}}
name: {{ include "echo.name" .root | quote }}
image: {{ include "echo.image" (dict "root" .root "image" $image) | quote }}
imagePullPolicy: {{ $image.pullPolicy }}
{{- if and $main $v.command }}
command:
  {{- include "echo.stringList" $v.command | trim | nindent 2 }}
{{- end }}
{{- with include "echo.args" . | trim }}
args:
  {{- . | nindent 2 }}
{{- end }}
env:
  {{- include "echo.env" . | trim | nindent 2 }}
{{- if and $main $v.envFrom }}
envFrom:
  {{- toYaml $v.envFrom | nindent 2 }}
{{- end }}
{{- with include "echo.ports" . | fromJson }}
ports:
  {{- range $name, $port := . }}
  - name: {{ $name | quote }}
    containerPort: {{ int $port.containerPort }}
    protocol: TCP
  {{- end }}
{{- end }}
{{- include "echo.probes" . }}
{{- with include "echo.lifecycle" . | trim }}
lifecycle:
  {{- . | nindent 2 }}
{{- end }}
{{- with ternary $v.resources $beside.resources (ne $main "") }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "echo.volumeMounts" . | trim }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- with $v.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Whether servers get time to go. Takes the root. */}}
{{- define "echo.graceful" -}}
  {{- if ne (toString .Values.shutdown.graceful) "false" }}true{{ end -}}
{{- end -}}

{{/* Who is called sleeps before it is told to go, while others forget it. */}}
{{- define "echo.lifecycle" -}}
{{- $v := .root.Values -}}
{{- $own := dict -}}
{{- if and (ne .component "client") (include "echo.graceful" .root) $v.shutdown.preStopSleepSeconds -}}
  {{- $own = dict "preStop" (dict "sleep" (dict "seconds" (int64 $v.shutdown.preStopSleepSeconds))) -}}
{{- end -}}
{{- if include "echo.isMain" . -}}
  {{- range $hook, $handler := $v.lifecycle -}}
    {{- $_ := set $own $hook $handler -}}
  {{- end -}}
{{- end -}}
{{- with $own }}{{ toYaml . }}{{ end -}}
{{- end -}}
