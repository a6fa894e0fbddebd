{{/* Policies that do not go with everything. */}}

{{- define "echo.rule.warmup-policy" -}}
  {{- $lb := .v.loadBalancing -}}
  {{- if and $lb.warmup.duration (not (has $lb.policy (list "roundRobin" "leastRequest" "LEAST_CONN" "weightedRoundRobin"))) -}}
    {{ toJson (pick $lb "policy") }}
  {{- end -}}
{{- end -}}

{{/* A divisor of a number below 5000011 is below 2237, unless it is a prime. */}}
{{- define "echo.rule.maglev-table" -}}
  {{- $hash := .v.loadBalancing.consistentHash -}}
  {{- if and (eq .v.loadBalancing.policy "consistentHash") (eq $hash.algorithm "maglev") -}}
    {{- $size := int $hash.tableSize -}}
    {{- $prime := and (gt $size 1) (lt $size 5000011) (or (eq $size 2) (ne (mod $size 2) 0)) -}}
    {{- range $divisor := untilStep 3 2237 2 -}}
      {{- if or (not $prime) (gt (mul $divisor $divisor) $size) -}}
        {{- break -}}
      {{- end -}}
      {{- $prime = ne (mod $size $divisor) 0 -}}
    {{- end -}}
    {{- if not $prime -}}
      {{ toJson (dict "size" $size) }}
    {{- end -}}
  {{- end -}}
{{- end -}}
