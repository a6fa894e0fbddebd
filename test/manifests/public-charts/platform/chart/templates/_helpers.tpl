{{/*
Expand the name of the chart.
*/}}
{{- define "platform.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "platform.labels" -}}
helm.sh/chart: {{ include "platform.chart" .root }}
{{ include "platform.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "platform.selectorLabels" -}}
app.kubernetes.io/name: {{ default .name .service.app }}
{{- if .service.app }}
platform.example/track: {{ .name }}
{{- end }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}
