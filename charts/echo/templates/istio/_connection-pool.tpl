{{/* loadBalancing.connectionPool as Istio spells it; takes that. Nothing that is 0 or "" is said. */}}
{{- define "echo.istio.connectionPool" -}}
{{- $pool := . -}}
{{- $tcp := dict "maxConnections" $pool.maxConnections -}}
{{- $http := dict "http2MaxRequests" $pool.maxRequests "http1MaxPendingRequests" $pool.maxPendingRequests -}}
{{- $http = merge $http (dict "maxConcurrentStreams" $pool.maxConcurrentStreams "maxRequestsPerConnection" $pool.maxRequestsPerConnection) -}}
{{- with include "echo.istio.said" (dict "whole" $tcp "texts" (dict "connectTimeout" $pool.connectTimeout)) | trim }}
tcp:
  {{- . | nindent 2 }}
{{- end }}
{{- $alive := $pool.keepalive.interval }}
{{- $said := include "echo.istio.said" (dict "whole" $http "texts" (dict "idleTimeout" $pool.idleTimeout)) | trim }}
{{- if or $said $alive }}
http:
  {{- with $said }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if $alive }}
  http2KeepAlive:
    interval: {{ $alive }}
    timeout: {{ $pool.keepalive.timeout | default "20s" }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Lines for the numbers and texts that are set. Takes whole and texts. */}}
{{- define "echo.istio.said" -}}
{{- range $key, $value := .whole }}
{{- if $value }}
{{ $key }}: {{ int64 $value }}
{{- end }}
{{- end }}
{{- range $key, $value := .texts }}
{{- if $value }}
{{ $key }}: {{ $value }}
{{- end }}
{{- end }}
{{- end -}}
