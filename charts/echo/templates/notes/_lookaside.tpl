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
{{- with (include "echo.ports" $ctx | fromJson).metrics }}

See who asks one of its pods, and what it tells clients of a zone, such as zone-a:
  kubectl -n {{ include "echo.namespace" $ }} port-forward deploy/{{ include "echo.componentName" $ctx }} 9465:{{ int .containerPort }}
  curl -s 'http://127.0.0.1:9465/config?zone=zone-a'
{{- end }}
{{- end -}}
