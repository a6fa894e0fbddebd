{{/*
OpenTelemetry's variables, as JSON in the form of echo.ownEnv; none without an endpoint. Whatever program there is gets them,
because whoever speaks OpenTelemetry reads them. Takes root and component.
*/}}
{{- define "echo.tracingEnv" -}}
{{- $tracing := .root.Values.tracing -}}
{{- $own := list -}}
{{- with $tracing.endpoint -}}
  {{- $own = append $own (dict "name" "OTEL_EXPORTER_OTLP_ENDPOINT" "value" .) -}}
  {{- $own = append $own (dict "name" "OTEL_EXPORTER_OTLP_PROTOCOL" "value" "http/protobuf") -}}
  {{- with $tracing.headersSecret.name -}}
    {{- $secret := dict "name" . "key" $tracing.headersSecret.key -}}
    {{- $own = append $own (dict "name" "OTEL_EXPORTER_OTLP_HEADERS" "secret" $secret) -}}
  {{- end -}}
  {{- $own = append $own (dict "name" "OTEL_SERVICE_NAME" "value" (include "echo.componentName" $)) -}}
  {{- $namespace := include "echo.namespace" $.root | printf "k8s.namespace.name=%s" -}}
  {{- $own = append $own (dict "name" "OTEL_RESOURCE_ATTRIBUTES" "value" $namespace) -}}
  {{- $own = append $own (dict "name" "OTEL_TRACES_SAMPLER" "value" $tracing.sampler) -}}
  {{- if include "echo.samplesByRatio" $.root -}}
    {{- $ratio := include "echo.string" $tracing.samplerArgument -}}
    {{- $own = append $own (dict "name" "OTEL_TRACES_SAMPLER_ARG" "value" $ratio) -}}
  {{- end -}}
  {{- $propagators := join "," $tracing.propagators | default "none" -}}
  {{- $own = append $own (dict "name" "OTEL_PROPAGATORS" "value" $propagators) -}}
{{- end -}}
{{- toJson $own -}}
{{- end -}}

{{/* Whether the sampler takes a share of the traces. Takes the root. */}}
{{- define "echo.samplesByRatio" -}}
  {{- if hasSuffix "traceidratio" .Values.tracing.sampler }}true{{ end -}}
{{- end -}}
