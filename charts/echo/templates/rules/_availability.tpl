{{/* The PodDisruptionBudget, asked where it is on, and who is scraped. */}}

{{/* "" and null say nothing, and 0 does say something. */}}
{{- define "echo.rule.budget-twice" -}}
  {{- $unset := list "" "<nil>" -}}
  {{- $budget := .v.podDisruptionBudget -}}
  {{- if not (or (has (toString $budget.minAvailable) $unset) (has (toString $budget.maxUnavailable) $unset)) -}}
    {}
  {{- end -}}
{{- end -}}

{{/* Kubernetes rounds a percent of the pods up. */}}
{{- define "echo.rule.budget-zero" -}}
  {{- $budget := .v.podDisruptionBudget -}}
  {{- if has (toString $budget.maxUnavailable) (list "0" "0%") }}
{{ toJson (dict "key" "maxUnavailable" "value" $budget.maxUnavailable) }}
  {{- end -}}
  {{- with $budget.minAvailable -}}
    {{- $min := toString . -}}
    {{- $pods := ternary $.v.autoscaling.minReplicas $.v.replicaCount $.v.autoscaling.enabled | int -}}
    {{- $least := regexFind "^[0-9]+" $min | int -}}
    {{- if hasSuffix "%" $min -}}
      {{- $least = div (add (mul $least $pods) 99) 100 | int -}}
    {{- end -}}
    {{- $fixed := and (ne $.v.workload.kind "DaemonSet") (gt $pods 0) (ge $least $pods) -}}
    {{- if or $fixed (eq $min "100%") }}
{{ toJson (dict "key" "minAvailable" "value" .) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.monitor-port" -}}
  {{- range $monitor := list "podMonitor" "serviceMonitor" -}}
    {{- $port := (get $.v.metrics $monitor).port -}}
    {{- if (get $.v.metrics $monitor).enabled -}}
      {{- $ofService := eq $monitor "serviceMonitor" -}}
      {{- $ports := list -}}
      {{- range $name, $entry := include "echo.ports" (dict "root" $.root "component" (include "echo.mode" $.root)) | fromJson -}}
        {{- if or (not $ofService) (include "echo.isExposed" (dict "port" $entry "on" "service")) -}}
          {{- $ports = append $ports $name -}}
        {{- end -}}
      {{- end -}}
      {{- if and (or $.server (not $ofService)) (not (has $port $ports)) -}}
        {{- $all := join ", " $ports | default "none is on" }}
{{ toJson (dict "monitor" $monitor "port" $port "ports" $all "where" (ternary " on the Service" "" $ofService)) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.monitors-twice" -}}
  {{- if and .server .v.metrics.podMonitor.enabled .v.metrics.serviceMonitor.enabled -}}
    {}
  {{- end -}}
{{- end -}}
