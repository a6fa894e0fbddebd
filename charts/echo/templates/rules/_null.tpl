{{/*
What must not be null. files/needed-values.json lists the chart's objects, outer ones before inner ones, and of each how many
keys it has and those for which nothing stands for "unset". Helm has taken away what is null, so only an object that is short
of keys need be looked into. Nothing is said of what is in an object that is null itself.
*/}}
{{- define "echo.rule.object" -}}
  {{- $objects := dict "" .v -}}
  {{- $short := list -}}
  {{- range .root.Files.Get "files/needed-values.json" | fromJsonArray -}}
    {{- if not .path -}}
      {{- $short = append $short . -}}
    {{- else if hasKey $objects .in -}}
      {{- $object := index $objects .in .key -}}
      {{- if kindIs "map" $object -}}
        {{- $_ := set $objects .path $object -}}
        {{- if lt (len $object) (int .size) -}}
          {{- $short = append $short . -}}
        {{- end -}}
      {{- else }}
{{ toJson (pick . "path") }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- $_ := set . "objects" $objects -}}
  {{- $_ := set . "short" $short -}}
{{- end -}}

{{/* Runs after the other, and goes by what that one has found. */}}
{{- define "echo.rule.null-value" -}}
  {{- range $entry := .short -}}
    {{- range $key := $entry.keys -}}
      {{- if kindIs "invalid" (index $.objects $entry.path $key) }}
{{ toJson (dict "path" (printf "%s.%s" $entry.path $key | trimPrefix ".")) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
