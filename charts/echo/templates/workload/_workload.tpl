{{/* Pods of a Deployment or StatefulSet; "" leaves them to the autoscaler. Takes root and component. */}}
{{- define "echo.replicas" -}}
  {{- $v := .root.Values -}}
  {{- if eq .component "client" -}}
    {{- int64 $v.client.replicaCount -}}
  {{- else if eq .component "lookaside" -}}
    {{- int64 $v.lookaside.replicaCount -}}
  {{- else if not $v.autoscaling.enabled -}}
    {{- int64 $v.replicaCount -}}
  {{- end -}}
{{- end -}}

{{/* A server's own claims. */}}
{{- define "echo.volumeClaimTemplates" -}}
{{- if eq .component "server" }}
{{- range $name, $spec := .root.Values.workload.volumeClaimTemplates }}
{{- if $spec }}
- metadata:
    name: {{ $name | quote }}
  spec:
    {{- toYaml $spec | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Of a Job, and of those that a CronJob makes. Several client pods are numbered, and all have to end well. */}}
{{- define "echo.jobSpec" -}}
{{- $client := .root.Values.client -}}
backoffLimit: {{ int64 $client.job.backoffLimit }}
{{- if not (has (toString $client.job.ttlSecondsAfterFinished) (list "" "<nil>")) }}
ttlSecondsAfterFinished: {{ int64 $client.job.ttlSecondsAfterFinished }}
{{- end }}
{{- if gt (int64 $client.replicaCount) 1 }}
completionMode: Indexed
completions: {{ int64 $client.replicaCount }}
parallelism: {{ int64 $client.replicaCount }}
{{- end }}
template:
  {{- include "echo.podTemplate" . | nindent 2 }}
{{- end -}}
