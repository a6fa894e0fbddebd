{{- define "bank.labels" -}}
application: bank-of-examples
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "bank.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .fullname }}
  namespace: {{ .namespace }}
  labels:
    app: {{ .name }}
    {{- include "bank.labels" .root | nindent 4 }}
spec:
  replicas: {{ .replicas }}
  selector:
    matchLabels:
      app: {{ .name }}
      version: {{ .version }}
  template:
    metadata:
      annotations:
        proxy.istio.io/config: '{ "holdApplicationUntilProxyStarts": true }'
        {{- with .workload.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      labels:
        app: {{ .name }}
        version: {{ .version }}
        {{- include "bank.labels" .root | nindent 8 }}
        {{- with .workload.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ .name }}
      terminationGracePeriodSeconds: 30
      securityContext:
        fsGroup: 1000
        runAsNonRoot: true
        runAsUser: 1000
      containers:
        - name: {{ .name }}
          image: {{ .root.Values.image.repository }}/{{ .name }}:v{{ .root.Chart.AppVersion }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- with .workload.ports }}
          ports:
            {{- range . }}
            - containerPort: {{ default .port .targetPort }}
            {{- end }}
          {{- end }}
          env:
            - {name: VERSION, value: {{ printf "v%s" .root.Chart.AppVersion | quote }}}
            {{- range $key, $value := .workload.env }}
            - name: {{ $key }}
              value: {{ $value | quote }}
            {{- end }}
          {{- with .workload.probe }}
          readinessProbe:
            {{- toYaml . | nindent 12 }}
            periodSeconds: 5
          {{- end }}
          resources:
            requests: {cpu: 100m, memory: 64Mi}
            limits: {cpu: 500m, memory: 256Mi}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            readOnlyRootFilesystem: true
{{- end }}
