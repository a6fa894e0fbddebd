{{/* What every translation of loadBalancing needs: durations and the words that one policy has everywhere. */}}

{{- define "echo.milliseconds" -}}
  {{- mul (regexFind "^[0-9]+" .) (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000) (regexFind "[a-z]+$" .)) -}}
{{- end -}}

{{/* A duration (250ms, 10s, 5m, 1h) in seconds. */}}
{{- define "echo.seconds" -}}
  {{- include "echo.string" (divf (include "echo.milliseconds" .) 1000) -}}
{{- end -}}

{{/* The same as protobuf's JSON has it: "0.25s". */}}
{{- define "echo.protoDuration" -}}
  {{- include "echo.seconds" . }}s
{{- end -}}

{{/* The same with all nine digits behind the point: grpc-js takes these for nanoseconds, however few they are. */}}
{{- define "echo.nanoDuration" -}}
  {{- $ms := include "echo.milliseconds" . -}}
  {{- if mod $ms 1000 -}}
    {{- printf "%d.%09ds" (div $ms 1000) (mul (mod $ms 1000) 1000000) -}}
  {{- else -}}
    {{- include "echo.protoDuration" . -}}
  {{- end -}}
{{- end -}}

{{/* The same as grpc-js has it: {seconds, nanos}, as JSON. */}}
{{- define "echo.durationObject" -}}
  {{- $ms := include "echo.milliseconds" . -}}
  {{- dict "seconds" (div $ms 1000) "nanos" (mul (mod $ms 1000) 1000000) | toJson -}}
{{- end -}}

{{/* The policy, where LEAST_CONN is only an old name of leastRequest. Takes the root. */}}
{{- define "echo.policy" -}}
  {{- .Values.loadBalancing.policy | replace "LEAST_CONN" "leastRequest" -}}
{{- end -}}

{{/* Names of a map's entries in order of `order`, then of name; those with enabled: false left out. One a line. */}}
{{- define "echo.ordered" -}}
  {{- $keys := list -}}
  {{- range $name, $entry := . -}}
    {{- if and (kindIs "map" $entry) (ne (toString $entry.enabled) "false") -}}
      {{- $keys = append $keys (printf "%09d/%s" (int $entry.order) $name) -}}
    {{- end -}}
  {{- end -}}
  {{- range $keys | sortAlpha }}
{{ splitList "/" . | last }}
  {{- end -}}
{{- end -}}
