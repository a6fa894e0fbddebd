{{/* Whom the control plane tells of what, and how a client is started with it. Takes the root. */}}
{{- define "echo.notes.lookaside" -}}
{{- $ctx := dict "root" . "component" "lookaside" -}}
{{- $namespaces := .Values.lookaside.discover.namespaces -}}
{{ include "echo.componentName" $ctx }} tells gRPC clients that ask {{ include "echo.xdsServer" . }} of
{{- range $name, $entry := include "echo.lookaside.services" . | fromJson }}
  xds:///{{ $name }}
{{- end }}
{{- if has "*" $namespaces }}
  xds:///SERVICE.NAMESPACE:PORT of the Services that it finds in all namespaces
{{- else if $namespaces }}
  xds:///SERVICE.NAMESPACE:PORT of the Services that it finds in {{ join ", " $namespaces }}
{{- end }}

Start a client of any language with this in GRPC_XDS_BOOTSTRAP_CONFIG:
  {{ include "echo.xdsBootstrapFile" . }}

See who asks, and what they are told:
  kubectl -n {{ include "echo.namespace" . }} logs -f -l app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/component=lookaside
{{- end -}}
