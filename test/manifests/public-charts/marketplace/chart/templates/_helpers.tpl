{{- define "marketplace.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "marketplace.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "marketplace.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "marketplace.name" .) .Values.serviceAccount.name }}{{ else }}{{ default "default" .Values.serviceAccount.name }}{{ end }}
{{- end }}

{{/* Selector labels of a component: (dict "root" $ "name" NAME) */}}
{{- define "marketplace.selectorLabels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "marketplace.labels" -}}
helm.sh/chart: {{ include "marketplace.chart" .root }}
{{ include "marketplace.selectorLabels" . }}
app.kubernetes.io/component: {{ .name }}
app.kubernetes.io/part-of: marketplace
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "marketplace.image" -}}
{{- with .component.imageOverride -}}
{{ .repository }}:{{ .tag }}
{{- else -}}
{{ .root.Values.default.image.repository }}:{{ default .root.Chart.AppVersion .root.Values.default.image.tag }}-{{ .name }}
{{- end -}}
{{- end }}
