{{/* Rules of a GRPCRoute, in order. Takes root and rules; without any, one that sends all calls to the Service. */}}
{{- define "echo.gateway.rules" -}}
{{- $root := .root -}}
{{- range $name := include "echo.ordered" .rules | trim | splitList "\n" }}
- {{ include "echo.gateway.rule" (dict "root" $root "rule" (get ($.rules | default dict) $name | default dict)) | trim | nindent 2 | trim }}
{{- end }}
{{- end -}}

{{- define "echo.gateway.rule" -}}
{{- $root := .root -}}
{{- $rule := .rule -}}
{{- if or $rule.service $rule.method $rule.headers }}
matches:
  - {{ include "echo.gateway.match" $rule | trim | nindent 4 | trim }}
{{- end }}
{{- with $rule.filters }}
filters:
  {{- toYaml . | nindent 2 }}
{{- end }}
backendRefs:
  {{- range $name, $backend := $rule.backends | default (dict (include "echo.fullname" $root) dict) }}
  {{- if kindIs "map" $backend }}
  - name: {{ $name | quote }}
    {{- with $backend.namespace }}
    namespace: {{ . | quote }}
    {{- end }}
    port: {{ $backend.port | default (include "echo.grpcServicePort" $root) }}
    {{- if hasKey $backend "weight" }}
    weight: {{ int $backend.weight }}
    {{- end }}
  {{- end }}
  {{- end }}
{{- end -}}

{{- define "echo.gateway.match" -}}
{{- if or .service .method }}
method:
  {{- with .service }}
  service: {{ . }}
  {{- end }}
  {{- with .method }}
  method: {{ . }}
  {{- end }}
{{- end }}
{{- with .headers }}
headers:
  {{- range $name, $value := . }}
  - name: {{ $name | quote }}
    value: {{ include "echo.string" $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}
