{{/* One line per mistake. The table is read only when there is one: it costs more than all rules together. Takes a rule's dict. */}}
{{- define "echo.problems" -}}
  {{- $table := dict -}}
  {{- range $id := .ids -}}
    {{- with include (printf "echo.rule.%s" $id) $ -}}
      {{- if not $table -}}
        {{- range $.root.Files.Get "files/rules.yaml" | fromYamlArray -}}
          {{- $_ := set $table .id . -}}
        {{- end -}}
      {{- end -}}
      {{- range trim . | splitList "\n" }}
{{ include "echo.sentence" (dict "rule" (get $table $id) "words" (fromJson .)) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* PATH: REASON; FIX. [ID], with its words filled in. Takes rule and words. */}}
{{- define "echo.sentence" -}}
  {{- $sentence := printf "%s: %s; %s. [%s]" .rule.path .rule.reason .rule.fix .rule.id -}}
  {{- range $word, $value := .words -}}
    {{- $sentence = replace (printf "{%s}" $word) (include "echo.string" $value) $sentence -}}
  {{- end -}}
  {{- $sentence -}}
{{- end -}}
