{{/*
loadBalancing as a gRPC service config, which is what a client that balances itself goes by. gRPC takes the first policy of a
list that it knows: ours and grpc-js's spelling come first, then what other languages call the same, then round robin.
*/}}
{{- define "echo.serviceConfig" -}}
  {{- $lb := .Values.loadBalancing -}}
  {{- $config := dict "loadBalancingConfig" (include "echo.grpcPolicies" . | fromJsonArray) -}}
  {{- $method := dict -}}
  {{- if $lb.timeout -}}
    {{- $_ := set $method "timeout" (include "echo.nanoDuration" $lb.timeout) -}}
  {{- end -}}
  {{- if and $lb.retries.enabled $lb.retries.attempts $lb.retries.retryOn -}}
    {{- $codes := list -}}
    {{- range $lb.retries.retryOn -}}
      {{- $codes = append $codes (upper . | replace "-" "_") -}}
    {{- end -}}
    {{- $backoff := dict "initialBackoff" "0.05s" "maxBackoff" "0.5s" "backoffMultiplier" 2 -}}
    {{- $_ := set $method "retryPolicy" (merge (dict "maxAttempts" (min 5 (add1 $lb.retries.attempts)) "retryableStatusCodes" $codes) $backoff) -}}
    {{- $budget := $lb.retries.budget -}}
    {{- if $budget.percent -}}
      {{- $tokens := dict "maxTokens" (mul 2 $budget.minConcurrency | max 2 | min 1000) "tokenRatio" (divf $budget.percent 100) -}}
      {{- $_ := set $config "retryThrottling" $tokens -}}
    {{- end -}}
  {{- end -}}
  {{- with $method -}}
    {{- $_ := set $config "methodConfig" (list (merge (dict "name" (list dict)) .)) -}}
  {{- end -}}
  {{- toJson $config -}}
{{- end -}}

{{- define "echo.grpcPolicies" -}}
  {{- $lb := .Values.loadBalancing -}}
  {{- $policy := include "echo.policy" . -}}
  {{- $roundRobin := list (dict "round_robin" dict) -}}
  {{- $ours := list (include "echo.ownPolicy" . | fromJson) -}}
  {{- $others := list -}}
  {{- if has $policy (list "leastRequest" "weightedRoundRobin" "consistentHash") -}}
    {{- $ours = concat $ours $roundRobin | uniq -}}
  {{- end -}}
  {{- if eq $policy "leastRequest" -}}
    {{- $others = list (dict "least_request_experimental" (dict "choiceCount" (int64 $lb.choiceCount))) -}}
  {{- else if eq $policy "weightedRoundRobin" -}}
    {{- $others = list (dict "weighted_round_robin" (dict "enableOobLoadReport" true)) -}}
  {{- else if eq $policy "consistentHash" -}}
    {{- $others = initial $ours -}}
  {{- end -}}
  {{- $o := $lb.outlierDetection -}}
  {{- if and $o.enabled (ne $lb.policy "pickFirst") -}}
    {{- $failure := dict "threshold" $o.failurePercent "minimum_hosts" $o.minimumHosts "request_volume" $o.requestVolume -}}
    {{- $js := dict "max_ejection_percent" $o.maxEjectionPercent "failure_percentage_ejection" $failure "child_policy" $ours -}}
    {{- $_ := set $js "interval" (include "echo.durationObject" $o.interval | fromJson) -}}
    {{- $_ := set $js "base_ejection_time" (include "echo.durationObject" $o.baseEjectionTime | fromJson) -}}
    {{- $failure = dict "threshold" $o.failurePercent "minimumHosts" $o.minimumHosts "requestVolume" $o.requestVolume -}}
    {{- $proto := dict "maxEjectionPercent" $o.maxEjectionPercent "failurePercentageEjection" $failure -}}
    {{- $_ := set $proto "childPolicy" (concat $others $roundRobin) -}}
    {{- $_ := set $proto "interval" (include "echo.protoDuration" $o.interval) -}}
    {{- $_ := set $proto "baseEjectionTime" (include "echo.protoDuration" $o.baseEjectionTime) -}}
    {{- list (dict "outlier_detection" $js) (dict "outlier_detection_experimental" $proto) (last $roundRobin) | toJson -}}
  {{- else -}}
    {{- concat (initial $ours) $others (list (last $ours)) | uniq | toJson -}}
  {{- end -}}
{{- end -}}

{{/* What the client is told: auto where it balances by itself, unless told otherwise. Takes the root; "": nothing. */}}
{{- define "echo.clientServiceConfig" -}}
  {{- $client := .Values.client -}}
  {{- $given := printf " %s " (join " " (concat (.Values.args | default list) ($client.args | default list))) -}}
  {{- $wanted := $client.serviceConfig | default "none" -}}
  {{- if or $client.lbPolicy (eq $wanted "none") (regexMatch " --(lb-policy|max-attempts)[ =]" $given) -}}
  {{- else if eq $wanted "auto" -}}
    {{- if include "echo.clientBalances" . }}{{ include "echo.serviceConfig" . }}{{ end -}}
  {{- else if eq $wanted "always" -}}
    {{- include "echo.serviceConfig" . -}}
  {{- else -}}
    {{- $wanted -}}
  {{- end -}}
{{- end -}}

{{- define "echo.serviceConfigName" -}}
  {{- include "echo.fullname" . | trunc 48 | trimSuffix "-" }}-service-config
{{- end -}}
