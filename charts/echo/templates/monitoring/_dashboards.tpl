{{/*
Names of the dashboards' ConfigMaps by file, as YAML: those of the chart, and those of the user, whose file of the same name
stands in for the chart's. Takes the root.
*/}}
{{- define "echo.dashboards" -}}
  {{- $boards := .Values.metrics.dashboards -}}
  {{- $files := dict -}}
  {{- if $boards.enabled -}}
    {{- range $board, $on := $boards.bundled -}}
      {{- if $on -}}
        {{- $_ := set $files (printf "evenly-%s.json" $board) "" -}}
      {{- end -}}
    {{- end -}}
    {{- range $file, $json := $boards.files -}}
      {{- if kindIs "string" $json -}}
        {{- $_ := set $files $file "" -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- $names := dict -}}
  {{- range $file, $_ := $files -}}
    {{- $name := printf "%s-%s" (include "echo.fullname" $) (trimSuffix ".json" $file | lower | replace "_" "-" | replace "." "-") -}}
    {{- $_ := set $names $file ($name | trunc 253) -}}
  {{- end -}}
  {{- toYaml $names -}}
{{- end -}}

{{/* A dashboard's JSON, not a template: {{ }} in it is Grafana's. Takes root and file. */}}
{{- define "echo.dashboardJson" -}}
  {{- $own := .root.Values.metrics.dashboards.files | default dict -}}
  {{- if hasKey $own .file -}}
    {{- get $own .file -}}
  {{- else -}}
    {{- .root.Files.Get (printf "files/dashboards/%s" (trimPrefix "evenly-" .file)) -}}
  {{- end -}}
{{- end -}}
