{{/* Several maps as one of quoted strings, sorted by key; of two that hold a key the later wins, and null removes it. */}}
{{- define "echo.strings" -}}
  {{- $all := dict -}}
  {{- range $map := . -}}
    {{- range $key, $value := $map -}}
      {{- $_ := set $all $key $value -}}
    {{- end -}}
  {{- end -}}
  {{- $lines := list -}}
  {{- range $key, $value := $all -}}
    {{- if kindIs "string" $value -}}
      {{- $lines = append $lines (printf "%q: %q" $key $value) -}}
    {{- else if not (kindIs "invalid" $value) -}}
      {{- $lines = append $lines (printf "%q: %s" $key (include "echo.string" $value | quote)) -}}
    {{- end -}}
  {{- end -}}
  {{- join "\n" $lines -}}
{{- end -}}

{{/* A scalar as text. Numbers from a values file are floats, and 1500000 would print as 1.5e+06. */}}
{{- define "echo.string" -}}
  {{- if and (kindIs "float64" .) (eq (floor .) .) -}}
    {{- int64 . -}}
  {{- else -}}
    {{- . -}}
  {{- end -}}
{{- end -}}

{{- define "echo.stringList" -}}
{{- range . }}
- {{ include "echo.string" . | quote }}
{{- end }}
{{- end -}}

{{/* An object of YAML with one of the user's own merged over it, which wins. Takes compiled (text) and own. */}}
{{- define "echo.overlaid" -}}
  {{- if .own -}}
    {{- mergeOverwrite (fromYaml .compiled) .own | toYaml -}}
  {{- else -}}
    {{- trim .compiled -}}
  {{- end -}}
{{- end -}}
