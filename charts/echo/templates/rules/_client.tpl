{{/* How a client calls, and when it ends. Asked where there is one, but for the advice. */}}

{{- define "echo.rule.client-pace" -}}
  {{- if and .v.client.rps (gt (int64 .v.client.concurrency) 1) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.job-ends" -}}
  {{- if has .client (list "Job" "CronJob") -}}
    {{- $ends := regexMatch " --(requests|duration-seconds)[ =]" (printf " %s " (join " " .clientArgs)) -}}
    {{- if not (or .v.client.requests .v.client.durationSeconds $ends (and .v.command (not .server))) -}}
      {{ toJson (dict "kind" .client) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.cron-schedule" -}}
  {{- if and (eq .client "CronJob") (not .v.client.cronJob.schedule) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.balancing-twice" -}}
  {{- if not (has (.v.client.serviceConfig | default "none") (list "auto" "none")) -}}
    {{- if .v.client.lbPolicy -}}
      {{ toJson (dict "path" "client.lbPolicy" "policy" "client.lbPolicy") }}
    {{- else if regexMatch " --lb-policy[ =]" (printf " %s " (join " " .clientArgs)) -}}
      {{ toJson (dict "path" .clientArgsPath "policy" "--lb-policy") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.retries-twice" -}}
  {{- if gt (int64 .v.client.maxAttempts) 1 -}}
    {{- if .v.loadBalancing.retries.enabled -}}
      {{ toJson (dict "problem" "loadBalancing.retries says when to retry as well, and attempts multiply") }}
    {{- else if include "echo.clientServiceConfig" .root -}}
      {{ toJson (dict "problem" "the client gets a service config, and evenly-echo takes one of the two") }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-policy" -}}
  {{- $policy := .v.loadBalancing.policy -}}
  {{- $missing := ternary (list "random" "passthrough") (list "random" "consistentHash" "passthrough") (ne (toString .v.loadBalancing.consistentHash.header) "") -}}
  {{- if and .client (has $policy $missing) -}}
    {{- if not (or .clientMesh .v.client.envoySidecar.enabled (not (has .v.client.serviceConfig (list "auto" "always")))) -}}
      {{- if include "echo.clientServiceConfig" .root -}}
        {{ toJson (dict "policy" $policy) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
