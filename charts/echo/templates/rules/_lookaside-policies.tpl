{{/* The policies that the control plane is told. Asked where there is one. */}}

{{- define "echo.rule.lookaside-ring" -}}
  {{- range $path, $entry := include "echo.lookaside.told" . | fromJson -}}
    {{- $ring := get ($entry.policy | default dict) "ring_hash_experimental" | default dict -}}
    {{- $minimum := int64 ($ring.minRingSize | default 1024) -}}
    {{- if and $ring.maxRingSize (lt (int64 $ring.maxRingSize) $minimum) }}
{{ toJson (dict "path" $path "maximum" (int64 $ring.maxRingSize) "minimum" $minimum) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-header" -}}
  {{- $headers := dict -}}
  {{- range $path, $entry := include "echo.lookaside.told" . | fromJson -}}
    {{- with get ($entry.policy | default dict) "ring_hash_experimental" -}}
      {{- $_ := set $headers (printf "%s.policy.ring_hash_experimental.requestHashHeader" $path) .requestHashHeader -}}
    {{- end -}}
  {{- end -}}
  {{- $lb := .v.loadBalancing -}}
  {{- if and (include "echo.lookaside.ownService" .root) (eq $lb.policy "consistentHash") $lb.consistentHash.header -}}
    {{- $_ := set $headers "loadBalancing.consistentHash.header" $lb.consistentHash.header -}}
  {{- end -}}
  {{- range $path, $header := $headers -}}
    {{- if or (hasSuffix "-bin" (lower $header)) (not (regexMatch "^[A-Za-z0-9_.-]+$" $header)) }}
{{ toJson (dict "path" $path "header" $header) }}
    {{- end -}}
  {{- end -}}
{{- end -}}
