{{/* The pod of a workload. Takes root, component and kind (Deployment or Job). */}}
{{- define "echo.podTemplate" -}}
{{- $v := .root.Values -}}
metadata:
  labels:
    {{- include "echo.podLabels" . | nindent 4 }}
  {{- with include "echo.strings" (list ($v.global).annotations $v.commonAnnotations $v.podAnnotations) }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  {{- with include "echo.pullSecrets" .root }}
  imagePullSecrets:
    {{- . | trim | nindent 4 }}
  {{- end }}
  serviceAccountName: {{ include "echo.serviceAccountName" .root }}
  automountServiceAccountToken: {{ $v.serviceAccount.automount }}
  {{- if eq .kind "Job" }}
  restartPolicy: Never
  {{- end }}
  terminationGracePeriodSeconds: {{ int64 $v.shutdown.terminationGracePeriodSeconds }}
  {{- with $v.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "echo.container" . | nindent 6 | trim }}
  {{- range $key := list "nodeSelector" "tolerations" "affinity" }}
  {{- with get $v $key }}
  {{ $key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with include "echo.topologySpread" . }}
  topologySpreadConstraints:
    {{- . | trim | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Spread over zones and hosts. A Job's pods finish on their own and carry no pod-template-hash: only a list of the user's. */}}
{{- define "echo.topologySpread" -}}
{{- $ctx := . -}}
{{- $spread := .root.Values.topologySpread -}}
{{- $keys := dict "zone" "topology.kubernetes.io/zone" "host" "kubernetes.io/hostname" -}}
{{- if .root.Values.topologySpreadConstraints -}}
{{- toYaml .root.Values.topologySpreadConstraints -}}
{{- else if ne .kind "Job" -}}
{{- range $what := list "zone" "host" }}
{{- with get $spread $what }}
- maxSkew: {{ int $spread.maxSkew }}
  topologyKey: {{ get $keys $what }}
  whenUnsatisfiable: {{ . }}
  labelSelector:
    matchLabels:
      {{- include "echo.selectorLabels" $ctx | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
