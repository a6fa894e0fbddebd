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

{{- define "echo.namespace" -}}
  {{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{- define "echo.headlessName" -}}
  {{- $suffix := .Values.headless.nameSuffix -}}
  {{- include "echo.fullname" . | trunc (sub 63 (len $suffix) | int) | trimSuffix "-" }}{{ $suffix -}}
{{- end -}}

{{/* A Service's name as every namespace reads it: a short one means another Service in each. Takes root and name. */}}
{{- define "echo.fqdn" -}}
  {{- .name }}.{{ include "echo.namespace" .root }}.svc.{{ .root.Values.clusterDomain -}}
{{- end -}}

{{/* The ClusterIP Service, by that name. Takes the root. */}}
{{- define "echo.serviceHost" -}}
  {{- include "echo.fqdn" (dict "root" . "name" (include "echo.fullname" .)) -}}
{{- end -}}

{{/* The headless Service, by that name. */}}
{{- define "echo.headlessHost" -}}
  {{- include "echo.fqdn" (dict "root" . "name" (include "echo.headlessName" .)) -}}
{{- end -}}

{{/* Name of a component's objects: the full name, or with -client or -lookaside for what stands beside another. Takes root, component. */}}
{{- define "echo.componentName" -}}
  {{- $name := include "echo.fullname" .root -}}
  {{- if and (has .component (list "client" "lookaside")) (not (include "echo.isMain" .)) -}}
    {{- $name | trunc (sub 51 (len .component) | int) | trimSuffix "-" }}-{{ .component }}
  {{- else -}}
    {{- $name -}}
  {{- end -}}
{{- end -}}

{{/*
Name of the workload itself. Kubernetes adds to a StatefulSet's a hash that has to fit into a label, and to a CronJob's the
time. Takes root, component and kind.
*/}}
{{- define "echo.workloadName" -}}
  {{- $name := include "echo.componentName" . -}}
  {{- has .kind (list "StatefulSet" "CronJob") | ternary ($name | trunc 52 | trimSuffix "-") $name -}}
{{- end -}}

{{/* The client Job's name: its own, and -RUN when client.job.run is set (auto: a hash of all that it is made of). */}}
{{- define "echo.jobName" -}}
  {{- $ctx := dict "root" . "component" "client" "kind" "Job" -}}
  {{- $run := include "echo.string" .Values.client.job.run -}}
  {{- if eq $run "auto" -}}
    {{- $run = include "echo.jobSpec" $ctx | sha256sum | trunc 8 -}}
  {{- else if eq $run "revision" -}}
    {{- $run = toString .Release.Revision -}}
  {{- end -}}
  {{- include "echo.componentName" $ctx }}{{ with $run }}-{{ . }}{{ end -}}
{{- end -}}

{{/* Takes root and component. */}}
{{- define "echo.serviceAccountName" -}}
  {{- $account := .root.Values.serviceAccount -}}
  {{- $account.name | default ($account.create | ternary (include "echo.componentName" .) "default") -}}
{{- end -}}
