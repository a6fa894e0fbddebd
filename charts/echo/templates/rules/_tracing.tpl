{{/* Where spans go, and which. */}}

{{- define "echo.rule.tracing-off" -}}
  {{- $tracing := .v.tracing -}}
  {{- if not $tracing.endpoint -}}
    {{- $asks := dict "headersSecret.name" $tracing.headersSecret.name -}}
    {{- $_ := set $asks "sampler" (ne $tracing.sampler "parentbased_always_on") -}}
    {{- include "echo.asked" (dict "of" "tracing" "asks" $asks) -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.tracing-endpoint" -}}
  {{- with .v.tracing.endpoint -}}
    {{- if not (regexMatch "^https?://[^/]" .) -}}
      {{ toJson (dict "endpoint" .) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.tracing-ratio" -}}
  {{- if and (ne (float64 .v.tracing.samplerArgument) 1.0) (not (include "echo.samplesByRatio" .root)) -}}
    {{ toJson (dict "sampler" .v.tracing.sampler) }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.tracing-egress" -}}
  {{- $policy := .v.networkPolicy -}}
  {{- if and .v.tracing.endpoint $policy.enabled $policy.egress.enabled (not $policy.egress.to) -}}
    {{ toJson (dict "endpoint" .v.tracing.endpoint) }}
  {{- end -}}
{{- end -}}
