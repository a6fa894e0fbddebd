{{/* Linkerd is asked for on pods. Takes root, component and kind. */}}
{{- define "echo.linkerd.podAnnotations" -}}
{{- $linkerd := .root.Values.linkerd -}}
{{- $own := dict "linkerd.io/inject" "enabled" -}}
{{- if has .kind (list "Job" "CronJob" "Test") -}}
  {{- $_ := set $own "config.linkerd.io/proxy-enable-native-sidecar" "true" -}}
{{- end -}}
{{- with include "echo.portNumbers" (dict "root" .root "ports" $linkerd.opaquePorts) -}}
  {{- $_ := set $own "config.linkerd.io/opaque-ports" . -}}
{{- end -}}
{{- range $key, $value := $linkerd.config -}}
  {{- $_ := set $own (contains "/" $key | ternary $key (printf "config.linkerd.io/%s" $key)) $value -}}
{{- end -}}
{{- include "echo.strings" (list $own) -}}
{{- end -}}

{{/* loadBalancing as annotations of the Service; how calls are balanced is not for choice (EWMA). Takes the root. */}}
{{- define "echo.linkerd.serviceAnnotations" -}}
{{- if eq (include "echo.mesh" .) "linkerd" -}}
{{- $lb := .Values.loadBalancing -}}
{{- $linkerd := .Values.linkerd -}}
{{- $own := dict -}}
{{- with include "echo.portNumbers" (dict "root" . "ports" $linkerd.opaquePorts) -}}
  {{- $_ := set $own "config.linkerd.io/opaque-ports" . -}}
{{- end -}}
{{- $own = merge $own (include "echo.linkerd.failureAccrual" . | fromYaml) -}}
{{- with $linkerd.loadBiaser -}}
  {{- if .enabled -}}
    {{- $own = merge $own (dict "balancer.alpha.linkerd.io/penalize-failures" "true" "balancer.alpha.linkerd.io/load-biaser-penalty" .penalty "balancer.alpha.linkerd.io/load-biaser-max-retry-after" .maxRetryAfter) -}}
  {{- end -}}
{{- end -}}
{{- if and $lb.retries.enabled $lb.retries.attempts -}}
  {{- $own = merge $own (dict "retry.linkerd.io/grpc" (join "," $lb.retries.retryOn) "retry.linkerd.io/limit" $lb.retries.attempts "retry.linkerd.io/timeout" $lb.retries.perTryTimeout) -}}
{{- end -}}
{{- $own = merge $own (dict "timeout.linkerd.io/request" $lb.timeout "timeout.linkerd.io/idle" $lb.connectionPool.idleTimeout) -}}
{{- range $key, $value := $own -}}
  {{- if not $value -}}
    {{- $_ := unset $own $key -}}
  {{- end -}}
{{- end -}}
{{- include "echo.strings" (list $own) -}}
{{- end -}}
{{- end -}}

{{/* Linkerd counts failures in a row only when told so. */}}
{{- define "echo.linkerd.failureAccrual" -}}
{{- $o := .Values.loadBalancing.outlierDetection -}}
{{- $accrual := .Values.linkerd.failureAccrual -}}
{{- with $accrual.mode | default (ternary "consecutive" "" $o.enabled) -}}
balancer.linkerd.io/failure-accrual: {{ . }}
{{- $min := $accrual.minPenalty | default $o.baseEjectionTime -}}
{{- $max := $accrual.maxPenalty -}}
{{- /* Linkerd's own longest is a minute, and a shortest above it would turn all of this off. */ -}}
{{- if and (not $max) (gt (include "echo.milliseconds" $min | int64) 60000) -}}
  {{- $max = $min -}}
{{- end -}}
{{- $limits := dict "max-failures" ($accrual.maxFailures | default $o.consecutiveGatewayErrors) "min-penalty" $min "max-penalty" $max "jitter-ratio" $accrual.jitterRatio }}
{{- range $key, $value := $limits }}
{{- if $value }}
balancer.linkerd.io/failure-accrual-consecutive-{{ $key }}: {{ include "echo.string" $value | quote }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
