{{/*
Labels and annotations. Helpers here take a dict: root (the chart's context), component (server or client), and what their
own comment names. Selectors hold name, instance and component alone: they can never change once a Deployment exists.
*/}}
{{- define "echo.releaseLabels" -}}
app.kubernetes.io/name: {{ include "echo.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- end -}}

{{- define "echo.selectorLabels" -}}
{{ include "echo.releaseLabels" . }}
app.kubernetes.io/component: {{ .component | quote }}
{{- end -}}

{{/* The version that runs: the image's tag, as a label can hold it. A digest is never a version. */}}
{{- define "echo.version" -}}
  {{- $image := include "echo.imageOf" . | fromJson -}}
  {{- $image.tag | default .root.Chart.AppVersion | replace "+" "_" | trunc 63 | trimAll "-_." -}}
{{- end -}}

{{/* What the release is a part of: a service under a name of its own is no part of ours. */}}
{{- define "echo.partOf" -}}
  {{- .root.Values.nameOverride | default "evenly" -}}
{{- end -}}

{{/* Pods carry no chart version: a new chart alone must neither restart a Deployment nor be refused by a Job. Takes kind. */}}
{{- define "echo.podLabels" -}}
  {{- $own := dict "app.kubernetes.io/version" (include "echo.version" .) "app.kubernetes.io/part-of" (include "echo.partOf" .) -}}
  {{- $v := .root.Values -}}
  {{- $mesh := include "echo.istio.podLabels" . | fromYaml -}}
  {{- include "echo.selectorLabels" . }}
{{ include "echo.strings" (list $own ($v.global).labels $v.commonLabels $mesh $v.podLabels) -}}
{{- end -}}

{{/* Takes kind. */}}
{{- define "echo.podAnnotations" -}}
  {{- $v := .root.Values -}}
  {{- $own := dict -}}
  {{- if and $v.config.files (include "echo.isMain" .) -}}
    {{- $_ := set $own "checksum/config" (include "echo.configFiles" .root | sha256sum) -}}
  {{- end -}}
  {{- if and $v.client.envoySidecar.enabled (eq .component "client") -}}
    {{- $_ := set $own "checksum/envoy" (include "echo.envoyConfig" .root | sha256sum) -}}
  {{- end -}}
  {{- $kiali := include "echo.kiali.podAnnotations" . | fromYaml -}}
  {{- include "echo.strings" (list $own $kiali (include "echo.meshPodAnnotations" . | fromYaml) ($v.global).annotations $v.commonAnnotations $v.podAnnotations) -}}
{{- end -}}

{{/* Metadata of an object. Also takes name, and labels, annotations and namespace that are this object's alone. */}}
{{- define "echo.metadata" -}}
  {{- $chart := printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
  {{- $own := dict "helm.sh/chart" $chart "app.kubernetes.io/managed-by" .root.Release.Service -}}
  {{- $own = merge $own (dict "app.kubernetes.io/version" (include "echo.version" .) "app.kubernetes.io/part-of" (include "echo.partOf" .)) -}}
  {{- $v := .root.Values -}}
name: {{ .name | quote }}
namespace: {{ .namespace | default (include "echo.namespace" .root) | quote }}
labels:
  {{- include "echo.selectorLabels" . | nindent 2 }}
  {{- include "echo.strings" (list $own ($v.global).labels $v.commonLabels .labels) | nindent 2 }}
{{- with include "echo.strings" (list ($v.global).annotations $v.commonAnnotations .annotations) }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What the mesh in use reads from a pod's annotations. Takes kind. */}}
{{- define "echo.meshPodAnnotations" -}}
  {{- with include "echo.mesh" .root -}}
    {{- include (eq . "linkerd" | ternary "echo.linkerd.podAnnotations" "echo.istio.podAnnotations") $ -}}
  {{- end -}}
{{- end -}}
