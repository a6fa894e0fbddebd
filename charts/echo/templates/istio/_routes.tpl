{{/* Whether there is a VirtualService: as told, or because something asks for one. Takes the root. */}}
{{- define "echo.istio.virtualService" -}}
  {{- $vs := .Values.istio.virtualService -}}
  {{- $lb := .Values.loadBalancing -}}
  {{- if and .Values.istio.enabled (eq (include "echo.mode" .) "server") -}}
    {{- if ne (toString $vs.enabled) "auto" -}}
      {{- $vs.enabled | ternary "true" "" -}}
    {{- else if or $vs.routes $lb.timeout $lb.retries.enabled $vs.fault.abort.percent $vs.fault.delay.percent $vs.mirror.percent -}}
      true
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* One http route. Takes root, name ("" for the only one, which takes all calls) and route. */}}
{{- define "echo.istio.route" -}}
  {{- $route := include "echo.istio.compiledRoute" . -}}
  {{- if .route.raw -}}
    {{- $own := fromYaml $route -}}
    {{- range $key, $value := .route.raw -}}
      {{- $_ := set $own $key $value -}}
    {{- end -}}
    {{- $route = toYaml $own -}}
  {{- end -}}
  {{- $route -}}
{{- end -}}

{{- define "echo.istio.compiledRoute" -}}
{{- $root := .root -}}
{{- $vs := $root.Values.istio.virtualService -}}
{{- $lb := $root.Values.loadBalancing -}}
{{- with .name }}
name: {{ . | quote }}
{{- end }}
{{- $uri := include "echo.istio.uri" .route }}
{{- if or $uri .route.headers }}
match:
  - {{ include "echo.istio.match" (dict "uri" $uri "headers" .route.headers) | trim | nindent 4 | trim }}
{{- end }}
route:
  {{- range $name, $to := .route.destinations | default (dict "" dict) }}
  {{- if kindIs "map" $to }}
  - destination:
      {{- include "echo.istio.destination" (dict "root" $root "name" $name "to" $to) | nindent 6 }}
    {{- if hasKey $to "weight" }}
    weight: {{ int $to.weight }}
    {{- end }}
  {{- end }}
  {{- end }}
{{- with .route.timeout | default $lb.timeout }}
timeout: {{ . }}
{{- end }}
{{- if $lb.retries.enabled }}
retries:
  attempts: {{ int $lb.retries.attempts }}
  {{- if $lb.retries.attempts }}
  {{- with $lb.retries.perTryTimeout }}
  perTryTimeout: {{ . }}
  {{- end }}
  {{- with $lb.retries.retryOn }}
  retryOn: {{ join "," . }}
  {{- end }}
  {{- end }}
{{- end }}
{{- include "echo.istio.disturbances" (dict "root" $root "vs" $vs) }}
{{- end -}}

{{/* Where calls go: a host by its short name is one of this namespace; an entry named after a subset means that subset. */}}
{{- define "echo.istio.destination" -}}
{{- $subset := .to.subset -}}
{{- if and (not $subset) (not .to.host) (hasKey (.root.Values.istio.destinationRule.subsets | default dict) .name) -}}
{{- $subset = .name -}}
{{- end -}}
{{- $host := .to.host | default (include "echo.fullname" .root) -}}
host: {{ contains "." $host | ternary $host (include "echo.fqdn" (dict "root" .root "name" $host)) }}
{{- with $subset }}
subset: {{ . | quote }}
{{- end }}
port:
  number: {{ .to.port | default (include "echo.grpcServicePort" .root) }}
{{- end -}}
