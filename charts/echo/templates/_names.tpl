{{/*
Names of a release's objects. A Service's name has at most 63 characters; the full name takes at most 54 of them, so that
-headless and the name of a Job's run find room. Dots, which a release may hold and a Service may not, become dashes.
*/}}
{{- define "echo.name" -}}
  {{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "echo.fullname" -}}
  {{- $name := include "echo.name" . -}}
  {{- $full := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
  {{- .Values.fullnameOverride | default $full | replace "." "-" | trunc 54 | trimSuffix "-" -}}
{{- end -}}

{{- define "echo.headlessName" -}}
  {{- $suffix := .Values.headless.nameSuffix -}}
  {{- include "echo.fullname" . | trunc (sub 63 (len $suffix) | int) | trimSuffix "-" }}{{ $suffix -}}
{{- end -}}

{{/* The Job's name: the full name, and -RUN when client.job.run is set (auto: a hash of all that its pod is made of). */}}
{{- define "echo.jobName" -}}
  {{- $run := include "echo.string" .Values.client.job.run -}}
  {{- if eq $run "auto" -}}
    {{- $run = include "echo.podTemplate" (dict "root" . "component" "client" "kind" "Job") | sha256sum | trunc 8 -}}
  {{- else if eq $run "revision" -}}
    {{- $run = toString .Release.Revision -}}
  {{- end -}}
  {{- include "echo.fullname" . }}{{ with $run }}-{{ . }}{{ end -}}
{{- end -}}

{{- define "echo.serviceAccountName" -}}
  {{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "echo.fullname" .) "default") -}}
{{- end -}}

{{/* What runs here: server or client. auto looks at the arguments alone, so `args: [-h, HOST:PORT]` is enough for a client. */}}
{{- define "echo.mode" -}}
  {{- if ne .Values.mode "auto" -}}
    {{- .Values.mode -}}
  {{- else -}}
    {{- has "-h" .Values.args | ternary "client" "server" -}}
  {{- end -}}
{{- end -}}
