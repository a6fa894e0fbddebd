{{/*
Labels and annotations. Helpers here take a dict: root (the chart's context), component (server or client), and what their
own comment names. Selectors hold name, instance and component alone: they can never change once a Deployment exists.
*/}}
{{- define "echo.selectorLabels" -}}
app.kubernetes.io/name: {{ include "echo.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component | quote }}
{{- end -}}

{{/* The version that runs: the image's tag, as a label can hold it. A digest is never a version. */}}
{{- define "echo.version" -}}
  {{- .root.Values.image.tag | default .root.Chart.AppVersion | replace "+" "_" | trunc 63 | trimAll "-_." -}}
{{- end -}}

{{/* Pods carry no chart version: a new chart alone must neither restart a Deployment nor be refused by a Job. */}}
{{- define "echo.podLabels" -}}
  {{- $own := dict "app.kubernetes.io/version" (include "echo.version" .) "app.kubernetes.io/part-of" "evenly" -}}
  {{- $selector := include "echo.selectorLabels" . | fromYaml -}}
  {{- $v := .root.Values -}}
  {{- include "echo.strings" (list $own ($v.global).labels $v.commonLabels $v.podLabels $selector) -}}
{{- end -}}

{{/* Metadata of an object. Also takes name, and labels and annotations that this object alone carries. */}}
{{- define "echo.metadata" -}}
  {{- $chart := printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
  {{- $own := dict "helm.sh/chart" $chart "app.kubernetes.io/managed-by" .root.Release.Service -}}
  {{- $own = merge $own (dict "app.kubernetes.io/version" (include "echo.version" .) "app.kubernetes.io/part-of" "evenly") -}}
  {{- $selector := include "echo.selectorLabels" . | fromYaml -}}
  {{- $v := .root.Values -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "echo.strings" (list $own ($v.global).labels $v.commonLabels .labels $selector) | nindent 2 }}
{{- with include "echo.strings" (list ($v.global).annotations $v.commonAnnotations .annotations) }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}
