{{/* The HorizontalPodAutoscaler. Asked where it is on. */}}

{{- define "echo.rule.autoscaling-range" -}}
  {{- $hpa := .v.autoscaling -}}
  {{- if gt (int64 $hpa.minReplicas) (int64 $hpa.maxReplicas) -}}
    {{ toJson (dict "min" $hpa.minReplicas "max" $hpa.maxReplicas) }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.autoscaling-metric" -}}
  {{- $hpa := .v.autoscaling -}}
  {{- if not (or $hpa.targetCPUUtilizationPercentage $hpa.targetMemoryUtilizationPercentage $hpa.metrics) -}}
    {}
  {{- end -}}
{{- end -}}

{{/* Kubernetes takes a limit for the request where there is none. */}}
{{- define "echo.rule.autoscaling-requests" -}}
  {{- $asked := merge (dict) ((.v.resources).requests | default dict) ((.v.resources).limits | default dict) -}}
  {{- $percents := dict "cpu" .v.autoscaling.targetCPUUtilizationPercentage "memory" .v.autoscaling.targetMemoryUtilizationPercentage -}}
  {{- range $resource, $percent := $percents -}}
    {{- if and $percent (not (get $asked $resource)) }}
{{ toJson (dict "resource" $resource) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.autoscaling-kind" -}}
  {{- if eq .v.workload.kind "DaemonSet" -}}
    {}
  {{- end -}}
{{- end -}}
