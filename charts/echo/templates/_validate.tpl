{{/*
Mistakes that no schema can see, because they lie between values. Every rule is a template of its own, echo.rule.ID, which
says on a line where the mistake is, why it is one and how to mend it, or says nothing. All mistakes are told at once.
*/}}
{{- define "echo.validate" -}}
  {{- $problems := list -}}
  {{- $rules := list "mode-args" "client-target" "client-target-twice" "client-target-server" "client-pace" "job-ends" "max-age" -}}
  {{- $rules = concat $rules (list "shutdown-budget" "probe-port" "port-number" "port-twice" "service-ports") -}}
  {{- $rules = concat $rules (list "selector-label" "name") -}}
  {{- range $id := $rules -}}
    {{- range $line := include (printf "echo.rule.%s" $id) $ | splitList "\n" -}}
      {{- with trim $line -}}
        {{- $problems = append $problems (printf "%s [%s]" . $id) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- if $problems -}}
    {{- join "\n" $problems | fail -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.shutdown-budget" -}}
  {{- $s := .Values.shutdown -}}
  {{- $needed := addf $s.preStopSleepSeconds $s.drainSeconds -}}
  {{- if and (eq (include "echo.mode" .) "server") (ge $needed (float64 $s.terminationGracePeriodSeconds)) -}}
    shutdown.terminationGracePeriodSeconds: the kill after {{ $s.terminationGracePeriodSeconds }} s leaves no room for preStopSleepSeconds + drainSeconds ({{ $s.preStopSleepSeconds }} s + {{ $s.drainSeconds }} s), so calls would be cut; set it above {{ $needed }}.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.max-age" -}}
  {{- if and .Values.server.maxConnectionAgeGraceSeconds (not .Values.server.maxConnectionAgeSeconds) -}}
    server.maxConnectionAgeGraceSeconds: the grace follows the age, and connections have no age limit; set server.maxConnectionAgeSeconds as well.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.selector-label" -}}
  {{- $root := . -}}
  {{- range $path, $labels := dict "commonLabels" .Values.commonLabels "global.labels" (.Values.global).labels "podLabels" .Values.podLabels -}}
    {{- range $label := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" -}}
      {{- if hasKey ($labels | default dict) $label }}
        {{- $path }}: {{ $label }} belongs to the selectors, which the chart fills in itself; remove it (nameOverride changes the name).
      {{ end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.name" -}}
  {{- $name := include "echo.fullname" . -}}
  {{- if and (eq (include "echo.mode" .) "server") (not (regexMatch "^[a-z]" $name)) -}}
    fullnameOverride: the name of a Service begins with a letter, and {{ $name }} does not; set fullnameOverride to one that does.
  {{- end -}}
{{- end -}}
