{{/* How pods end, and what they and their Services are called. */}}

{{/* A preStop of the user's own takes the place of the sleep, and nobody knows how long it takes. */}}
{{- define "echo.rule.shutdown-budget" -}}
  {{- $s := .v.shutdown -}}
  {{- $preStop := ternary 0 $s.preStopSleepSeconds (ne (get (.v.lifecycle | default dict) "preStop" | toString) "") -}}
  {{- $needed := addf $preStop $s.drainSeconds -}}
  {{- if ge $needed (float64 $s.terminationGracePeriodSeconds) -}}
    {{ toJson (dict "grace" $s.terminationGracePeriodSeconds "needed" $needed "preStop" $preStop "drain" $s.drainSeconds) }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.max-age" -}}
  {{- if and .v.server.maxConnectionAgeGraceSeconds (not .v.server.maxConnectionAgeSeconds) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.selector-label" -}}
  {{- range $path, $labels := dict "commonLabels" .v.commonLabels "global.labels" (.v.global).labels "podLabels" .v.podLabels -}}
    {{- if $labels -}}
      {{- range $label := list "app.kubernetes.io/component" "app.kubernetes.io/instance" "app.kubernetes.io/name" -}}
        {{- if not (kindIs "invalid" (index $labels $label)) }}
{{ toJson (dict "path" $path "label" $label) }}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.name" -}}
  {{- $name := include "echo.fullname" .root -}}
  {{- if not (regexMatch "^[a-z]" $name) -}}
    {{ toJson (dict "name" $name) }}
  {{- end -}}
{{- end -}}
