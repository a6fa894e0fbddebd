{{/* Where Kiali shows the release; nothing without its address. Takes the root. */}}
{{- define "echo.notes.kiali" -}}
{{- $namespace := include "echo.namespace" . -}}
{{- with .Values.kiali.url | trimSuffix "/" -}}
{{- $console := printf "%s/console" . -}}
See it in Kiali, whose graph tells versions apart and not pods:
  {{ $console }}/graph/namespaces?namespaces={{ $namespace }}&graphType=versionedApp&edges=trafficDistribution
{{- range $component := list "server" "client" "lookaside" }}
{{- $ctx := dict "root" $ "component" $component }}
{{- with include "echo.kindOf" $ctx }}
  {{ $console }}/namespaces/{{ $namespace }}/workloads/{{ include "echo.workloadName" (merge (dict "kind" .) $ctx) }}
{{- end }}
{{- end }}
{{- if and (eq (include "echo.mode" $) "server") $.Values.service.enabled }}
  {{ $console }}/namespaces/{{ $namespace }}/services/{{ include "echo.fullname" $ }}
{{- end }}
{{- end -}}
{{- end -}}
