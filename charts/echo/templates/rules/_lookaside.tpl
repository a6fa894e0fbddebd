{{/* The control plane. All but what is off are asked where there is one. */}}

{{- define "echo.rule.lookaside-services" -}}
  {{- $lookaside := .v.lookaside -}}
  {{- $named := include "echo.lookaside.services" .root | fromJson -}}
  {{- if not (or $named $lookaside.discover.namespaces) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-backend" -}}
  {{- range $name, $entry := .v.lookaside.services -}}
    {{- if kindIs "map" $entry -}}
      {{- $names := list -}}
      {{- range $entry.backends | default (list (dict "service" $name)) -}}
        {{- $names = append $names (.service | default "a backend without service" | toString) -}}
      {{- end -}}
      {{- range concat $names ($entry.failover | default list) -}}
        {{- $port := regexFind ":[0-9]+$" . | trimPrefix ":" -}}
        {{- $label := "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?" -}}
        {{- if or (not (regexMatch (printf "^%s[.]%s:%s$" $label $label $label) .)) (and $port (or (lt (atoi $port) 1) (gt (atoi $port) 65535))) }}
{{ toJson (dict "name" $name "backend" .) }}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-policy" -}}
  {{- $lb := .v.loadBalancing -}}
  {{- if include "echo.lookaside.ownService" .root -}}
    {{- if has $lb.policy (list "random" "passthrough") -}}
      {{ toJson (pick $lb "policy") }}
    {{- else if and (eq $lb.policy "consistentHash") (or (not $lb.consistentHash.header) (eq $lb.consistentHash.algorithm "maglev")) -}}
      {{ toJson (dict "policy" (ternary "consistentHash by maglev" "consistentHash without a header" (ne (toString $lb.consistentHash.header) ""))) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-port" -}}
  {{- $metrics := .ports.metrics | default dict -}}
  {{- if eq (int .v.lookaside.port) (int $metrics.containerPort) -}}
    {{ toJson (dict "number" .v.lookaside.port) }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-debounce" -}}
  {{- $debounce := int64 .v.lookaside.debounceMilliseconds -}}
  {{- if gt $debounce (int64 .v.lookaside.maximumDebounceMilliseconds) -}}
    {{ toJson (dict "debounce" $debounce) }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-off" -}}
  {{- $lookaside := .v.lookaside -}}
  {{- $asks := dict "services" $lookaside.services "discover.namespaces" $lookaside.discover.namespaces -}}
  {{- $_ := set $asks "tls.secretName" $lookaside.tls.secretName -}}
  {{- include "echo.asked" (dict "of" "lookaside" "asks" $asks) -}}
{{- end -}}

{{- define "echo.rule.lookaside-unsaid" -}}
  {{- $lb := .v.loadBalancing -}}
  {{- if and .lookaside (include "echo.lookaside.ownService" .root) -}}
    {{- $asks := dict "timeout" $lb.timeout "retries.enabled" $lb.retries.enabled -}}
    {{- $_ := set $asks "outlierDetection.enabled" $lb.outlierDetection.enabled -}}
    {{- include "echo.asked" (dict "of" "loadBalancing" "asks" $asks) -}}
  {{- end -}}
{{- end -}}
