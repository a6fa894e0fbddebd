{{/* A gRPC method is a path, /package.Service/Method. Takes a route; "" when it matches every method. */}}
{{- define "echo.istio.uri" -}}
{{- if and .service .method -}}
exact: {{ printf "/%s/%s" .service .method }}
{{- else if .service -}}
prefix: {{ printf "/%s/" .service }}
{{- else if .method -}}
regex: {{ printf "/[^/]+/%s" .method | quote }}
{{- end -}}
{{- end -}}

{{/* Takes uri and headers. */}}
{{- define "echo.istio.match" -}}
{{- with .uri }}
uri:
  {{- . | nindent 2 }}
{{- end }}
{{- with .headers }}
headers:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Faults on purpose and mirrored calls, which every route has alike. Takes root and vs. */}}
{{- define "echo.istio.disturbances" -}}
{{- $abort := .vs.fault.abort -}}
{{- $delay := .vs.fault.delay -}}
{{- if or $abort.percent $delay.percent }}
fault:
  {{- if $abort.percent }}
  abort:
    grpcStatus: {{ $abort.grpcStatus }}
    percentage:
      value: {{ $abort.percent }}
  {{- end }}
  {{- if $delay.percent }}
  delay:
    fixedDelay: {{ $delay.fixedDelay }}
    percentage:
      value: {{ $delay.percent }}
  {{- end }}
{{- end }}
{{- with .vs.mirror }}
{{- if .percent }}
mirrors:
  - destination:
      {{- include "echo.istio.destination" (dict "root" $.root "name" "" "to" (pick . "host" "subset")) | nindent 6 }}
    percentage:
      value: {{ .percent }}
{{- end }}
{{- end }}
{{- end -}}
