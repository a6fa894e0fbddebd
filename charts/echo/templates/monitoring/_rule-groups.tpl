{{/*
The groups of files/prometheus-rules/grpc-lb.yaml, with the rules that are on. {{ }} in them is Prometheus' own, so they are
read and never taken for a template. Takes the root.
*/}}
{{- define "echo.ruleGroups" -}}
  {{- $rule := .Values.metrics.prometheusRule -}}
  {{- $runbooks := "https://github.com/evenly-grpc/evenly/blob/main/docs/runbooks/" -}}
  {{- $text := .Files.Get "files/prometheus-rules/grpc-lb.yaml" | replace $runbooks $rule.runbookUrl -}}
  {{- $labels := include "echo.strings" (list ($rule.alertLabels | default dict)) | fromYaml -}}
  {{- $off := list -}}
  {{- range $alert, $isOn := $rule.alerts -}}
    {{- $off = eq (toString $isOn) "false" | ternary (append $off $alert) $off -}}
  {{- end -}}
  {{- $groups := list -}}
  {{- range $group := (fromYaml $text).groups -}}
    {{- $on := list -}}
    {{- range $group.rules -}}
      {{- if .record -}}
        {{- $on = $rule.recordingRules | ternary (append $on .) $on -}}
      {{- else if not (has .alert $off) -}}
        {{- $on = append $on (set . "labels" (merge (dict) $labels .labels)) -}}
      {{- end -}}
    {{- end -}}
    {{- if and $on (not (hasKey ($rule.groups | default dict) $group.name)) -}}
      {{- $groups = append $groups (set $group "rules" $on) -}}
    {{- end -}}
  {{- end -}}
  {{- with $groups -}}
    {{- toYaml . -}}
  {{- end -}}
{{- end -}}
