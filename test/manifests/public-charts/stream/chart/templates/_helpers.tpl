{{- define "stream.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "stream.selectorLabels" -}}
app.kubernetes.io/name: {{ .ctx.Chart.Name }}
app.kubernetes.io/instance: {{ .ctx.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "stream.labels" -}}
helm.sh/chart: {{ .ctx.Chart.Name }}-{{ .ctx.Chart.Version }}
{{ include "stream.selectorLabels" . }}
app.kubernetes.io/version: {{ .ctx.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .ctx.Release.Service }}
{{- if .memberlist }}
app.kubernetes.io/part-of: memberlist
{{- end }}
{{- end }}

{{- define "stream.metadata" -}}
name: {{ include "stream.fullname" .ctx }}-{{ .component }}{{ .suffix }}
namespace: {{ .ctx.Release.Namespace | quote }}
labels:
  {{- include "stream.labels" . | nindent 2 }}
{{- end }}

{{/* Ports of a Service, as Mimir has them. */}}
{{- define "stream.servicePorts" -}}
- port: 8080
  protocol: TCP
  name: http-metrics
  targetPort: http-metrics
- port: 9095
  protocol: TCP
  name: grpc
  targetPort: grpc
{{- end }}

{{- define "stream.container" -}}
- name: {{ .component }}
  image: {{ .ctx.Values.image.repository }}:{{ default .ctx.Chart.AppVersion .ctx.Values.image.tag }}
  imagePullPolicy: {{ .ctx.Values.image.pullPolicy }}
  args:
    - -target={{ .component }}
    - -config.file=/etc/stream/stream.yaml
    - -config.expand-env=true
    {{- range .args }}
    - {{ . | quote }}
    {{- end }}
  ports:
    - {name: http-metrics, containerPort: 8080, protocol: TCP}
    - {name: grpc, containerPort: 9095, protocol: TCP}
    {{- if .memberlist }}
    - {name: memberlist, containerPort: 7946, protocol: TCP}
    {{- end }}
  readinessProbe:
    httpGet: {path: /ready, port: http-metrics}
    initialDelaySeconds: 45
  securityContext:
    allowPrivilegeEscalation: false
    capabilities: {drop: [ALL]}
    readOnlyRootFilesystem: true
  volumeMounts:
    - {name: config, mountPath: /etc/stream}
{{- end }}
