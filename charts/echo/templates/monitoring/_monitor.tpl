{{/* How one port is scraped, for ServiceMonitor and PodMonitor alike. Takes monitor, and port: its name there. */}}
{{- define "echo.scrape" -}}
- port: {{ .port | quote }}
  path: {{ .monitor.path }}
  interval: {{ .monitor.interval }}
  {{- with .monitor.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  {{- with .monitor.relabelings }}
  relabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .monitor.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
