{{/*
Mistakes that lie between values, where no schema can see them. files/rules.yaml holds what is said of each; templates/rules
look for them: echo.rule.ID says nothing, or one line of JSON per mistake with the {words} of its sentences. All are told
at once, but for null: where a value is missing the other rules cannot even look.
*/}}
{{- define "echo.validate" -}}
  {{- $ctx := dict "root" . "v" .Values "ids" (list "object" "null-value") -}}
  {{- $problems := include "echo.problems" $ctx -}}
  {{- if not $problems -}}
    {{- include "echo.ruleFacts" $ctx -}}
    {{- include "echo.errorRules" $ctx -}}
    {{- $problems = include "echo.problems" $ctx -}}
  {{- end -}}
  {{- with $problems -}}
    {{- trim . | fail -}}
  {{- end -}}
{{- end -}}

{{/* What is no mistake for certain: lines for the notes. */}}
{{- define "echo.advice" -}}
  {{- $ctx := dict "root" . "v" .Values -}}
  {{- include "echo.ruleFacts" $ctx -}}
  {{- include "echo.adviceRules" $ctx -}}
  {{- include "echo.problems" $ctx -}}
{{- end -}}
