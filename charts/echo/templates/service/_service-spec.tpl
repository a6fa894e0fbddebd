{{/* The ClusterIP Service's spec. Takes the root. */}}
{{- define "echo.serviceSpec" -}}
{{- $service := .Values.service -}}
type: {{ $service.type }}
{{- range $key := list "clusterIP" "internalTrafficPolicy" "sessionAffinity" "ipFamilyPolicy" "ipFamilies" }}
{{- with get $service $key }}
{{ $key }}: {{ toJson . }}
{{- end }}
{{- end }}
{{- with include "echo.trafficDistribution" . }}
trafficDistribution: {{ . }}
{{- end }}
ports:
  {{- include "echo.servicePorts" (dict "root" . "expose" "service") | trim | nindent 2 }}
selector:
  {{- if $service.selector }}
  {{- include "echo.strings" (list $service.selector) | nindent 2 }}
  {{- else }}
  {{- include "echo.selectorLabels" (dict "root" . "component" "server") | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Near pods first, in the word that the cluster's version knows: until 1.34 there was only PreferClose. */}}
{{- define "echo.trafficDistribution" -}}
  {{- $wanted := .Values.service.trafficDistribution -}}
  {{- if and (not $wanted) (eq .Values.loadBalancing.locality.mode "trafficDistribution") -}}
    {{- $wanted = "PreferSameZone" -}}
  {{- end -}}
  {{- if and $wanted (semverCompare "<1.34.0-0" .Capabilities.KubeVersion.Version) -}}
    {{- $wanted = "PreferClose" -}}
  {{- end -}}
  {{- $wanted -}}
{{- end -}}
