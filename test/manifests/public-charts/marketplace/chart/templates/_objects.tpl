{{- define "marketplace.deployment" }}
{{- $labelName := default .name .component.componentLabel }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "marketplace.labels" (dict "root" .root "name" $labelName) | nindent 4 }}
spec:
  {{- if .component.replicas }}
  replicas: {{ .component.replicas }}
  {{- else if not .component.autoscaling }}
  replicas: {{ .root.Values.default.replicas }}
  {{- end }}
  revisionHistoryLimit: 10
  selector:
    matchLabels:
      {{- include "marketplace.selectorLabels" (dict "root" .root "name" $labelName) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "marketplace.labels" (dict "root" .root "name" $labelName) | nindent 8 }}
    spec:
      serviceAccountName: {{ include "marketplace.serviceAccountName" .root }}
      {{- with .component.terminationGracePeriodSeconds }}
      terminationGracePeriodSeconds: {{ . }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "marketplace.image" . | quote }}
          imagePullPolicy: {{ .root.Values.default.image.pullPolicy }}
          {{- with .component.ports }}
          ports:
            {{- range . }}
            - containerPort: {{ if kindIs "string" (default .value .targetPort) }}{{ .value }}{{ else }}{{ default .value .targetPort }}{{ end }}
              name: {{ .name }}
            {{- end }}
          {{- end }}
          env:
            {{- if (.component.useDefault | default dict).env }}
            {{- toYaml .root.Values.default.env | nindent 12 }}
            {{- end }}
            {{- with .component.env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
            - name: OTEL_RESOURCE_ATTRIBUTES
              value: "service.name=$(OTEL_SERVICE_NAME),service.namespace=marketplace"
          {{- with .component.envFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .component.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .component.readinessProbe }}
          readinessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .component.livenessProbe }}
          livenessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .component.lifecycle }}
          lifecycle:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .component.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .component.volumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- with .component.initContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .component.volumes }}
      volumes:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}

{{- define "marketplace.service" }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}{{ if .headless }}-headless{{ end }}
  labels:
    {{- include "marketplace.labels" . | nindent 4 }}
spec:
  type: {{ dig "service" "type" "ClusterIP" .component }}
  {{- if .headless }}
  clusterIP: None
  {{- end }}
  {{- with .component.sessionAffinity }}
  sessionAffinity: {{ . }}
  {{- end }}
  ports:
    {{- range .component.ports }}
    - port: {{ .value }}
      name: {{ .name }}
      targetPort: {{ default .value .targetPort }}
    {{- end }}
  selector:
    {{- include "marketplace.selectorLabels" . | nindent 4 }}
{{- end }}

{{- define "marketplace.autoscaler" }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  labels:
    {{- include "marketplace.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name }}
  minReplicas: {{ .component.autoscaling.minReplicas }}
  maxReplicas: {{ .component.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .component.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}

{{- define "marketplace.budget" }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "marketplace.labels" . | nindent 4 }}
spec:
  {{- toYaml .component.podDisruptionBudget | nindent 2 }}
  selector:
    matchLabels:
      {{- include "marketplace.selectorLabels" . | nindent 6 }}
{{- end }}
