{{/* The pod of a workload. Takes root, component and kind. */}}
{{- define "echo.podTemplate" -}}
metadata:
  labels:
    {{- include "echo.podLabels" . | nindent 4 }}
  {{- with include "echo.podAnnotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  {{- include "echo.overlaid" (dict "compiled" (include "echo.podSpec" .) "own" .root.Values.podSpec) | nindent 2 }}
{{- end -}}

{{- define "echo.podSpec" -}}
{{- $v := .root.Values -}}
{{- $main := include "echo.isMain" . -}}
{{- with include "echo.pullSecrets" .root }}
imagePullSecrets:
  {{- . | trim | nindent 2 }}
{{- end }}
serviceAccountName: {{ include "echo.serviceAccountName" . | quote }}
automountServiceAccountToken: {{ or $v.serviceAccount.automount (ne (include "echo.watches" .) "") }}
{{- if has .kind (list "Job" "CronJob") }}
restartPolicy: Never
{{- end }}
terminationGracePeriodSeconds: {{ int64 $v.shutdown.terminationGracePeriodSeconds }}
{{- with $v.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "echo.initContainers" . | trim }}
initContainers:
  {{- . | nindent 2 }}
{{- end }}
containers:
  - {{ include "echo.container" . | nindent 4 | trim }}
{{- if $main }}
  {{- range $name, $container := $v.sidecars }}
  {{- if and $container (not $container.native) }}
  - {{ omit $container "native" | merge (dict "name" $name) | toYaml | nindent 4 | trim }}
  {{- end }}
  {{- end }}
{{- end }}
{{- with include "echo.volumes" . | trim }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- include "echo.scheduling" . }}
{{- end -}}

{{/* Where pods run, and how they resolve names: values that Kubernetes takes as they are. */}}
{{- define "echo.scheduling" -}}
{{- $v := .root.Values -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" "runtimeClassName" "dnsPolicy" "dnsConfig" "hostAliases" }}
{{- with get $v $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "echo.topologySpread" . }}
topologySpreadConstraints:
  {{- . | trim | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Spread over zones and hosts. A Job's pods finish on their own, and a DaemonSet has one a node: only a list of the user's. */}}
{{- define "echo.topologySpread" -}}
{{- $ctx := . -}}
{{- $spread := .root.Values.topologySpread -}}
{{- $keys := dict "zone" "topology.kubernetes.io/zone" "host" "kubernetes.io/hostname" -}}
{{- if .root.Values.topologySpreadConstraints -}}
{{- toYaml .root.Values.topologySpreadConstraints -}}
{{- else if has .kind (list "Deployment" "StatefulSet") -}}
{{- range $what := list "zone" "host" }}
{{- with get $spread $what }}
- maxSkew: {{ int $spread.maxSkew }}
  topologyKey: {{ get $keys $what }}
  whenUnsatisfiable: {{ . }}
  labelSelector:
    matchLabels:
      {{- include "echo.selectorLabels" $ctx | nindent 6 }}
  {{- if and $spread.matchLabelKeys (eq $ctx.kind "Deployment") }}
  matchLabelKeys: {{ toJson $spread.matchLabelKeys }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
