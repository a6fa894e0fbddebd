{{/* What ServiceMonitor and PodMonitor have in common. */}}

{{/* How one port is scraped. Takes monitor, port: its name there, and service: a label that all its series get. */}}
{{- define "echo.scrape" -}}
{{- $relabelings := .monitor.relabelings | default list -}}
{{- with .service }}
{{- $relabelings = prepend $relabelings (dict "action" "replace" "targetLabel" "service" "replacement" .) }}
{{- end -}}
- port: {{ .port | quote }}
  path: {{ .monitor.path }}
  interval: {{ .monitor.interval }}
  {{- with .monitor.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  {{- with $relabelings }}
  relabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .monitor.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* What holds for all of its ports. Takes monitor. */}}
{{- define "echo.scrapeLimits" -}}
{{- with .monitor.sampleLimit }}
sampleLimit: {{ int64 . }}
{{- end }}
{{- with .monitor.podTargetLabels }}
podTargetLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
