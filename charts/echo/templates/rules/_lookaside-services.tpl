{{/* What the control plane is told of the Services that it serves. Asked where there is one. */}}

{{/* Entries of lookaside.services and lookaside.discover by their paths, as JSON. Takes a rule's dict. */}}
{{- define "echo.lookaside.told" -}}
  {{- $told := dict -}}
  {{- range $name, $entry := .v.lookaside.services -}}
    {{- if kindIs "map" $entry -}}
      {{- $_ := set $told (printf "lookaside.services.%s" $name) $entry -}}
    {{- end -}}
  {{- end -}}
  {{- if .v.lookaside.discover.namespaces -}}
    {{- $_ := set $told "lookaside.discover" .v.lookaside.discover -}}
  {{- end -}}
  {{- toJson $told -}}
{{- end -}}

{{- define "echo.rule.lookaside-zones" -}}
  {{- range $path, $entry := include "echo.lookaside.told" . | fromJson -}}
    {{- $weights := include "echo.lookaside.zoneWeights" $entry | fromJson -}}
    {{- if and $weights (ne ($entry.localities | default "none") "weighted") }}
{{ toJson (dict "path" $path "problem" "only localities: weighted goes by it") }}
    {{- else if and (not $weights) (eq ($entry.localities | default "none") "weighted") }}
{{ toJson (dict "path" $path "problem" "localities: weighted goes by it, and it is empty") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-weights" -}}
  {{- range $name, $entry := .v.lookaside.services -}}
    {{- $backends := get ($entry | default dict) "backends" | default list -}}
    {{- $sum := 0 -}}
    {{- range $backends -}}
      {{- $sum = ternary (int64 .weight) 1 (hasKey . "weight") | add $sum -}}
    {{- end -}}
    {{- if and $backends (eq (int64 $sum) 0) }}
{{ toJson (dict "name" $name) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-listener" -}}
  {{- $seen := dict -}}
  {{- range $name, $entry := .v.lookaside.services -}}
    {{- with get ($entry | default dict) "envoyListener" -}}
      {{- if hasKey $seen . }}
{{ toJson (dict "name" $name "listener" . "other" (get $seen .)) }}
      {{- end -}}
      {{- $_ := set $seen . $name -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
