{{/* What the pods of a control plane, and those of its clients, have more than others. */}}

{{/* Their environment, as JSON in the form of echo.ownEnv. Takes root and component. */}}
{{- define "echo.lookaside.env" -}}
  {{- $lookaside := .root.Values.lookaside -}}
  {{- $own := list -}}
  {{- if eq .component "lookaside" -}}
    {{- $own = append $own (dict "name" "ECHO_XDS_LISTEN" "value" (printf "0.0.0.0:%d" (int $lookaside.port))) -}}
    {{- $own = append $own (dict "name" "ECHO_LOOKASIDE_CONFIG" "value" "/etc/evenly/lookaside.yaml") -}}
    {{- if $lookaside.tls.secretName -}}
      {{- $own = append $own (dict "name" "ECHO_TLS_CERT" "value" "/etc/evenly-tls/tls.crt") -}}
      {{- $own = append $own (dict "name" "ECHO_TLS_KEY" "value" "/etc/evenly-tls/tls.key") -}}
    {{- end -}}
  {{- else if and (eq .component "client") (eq .root.Values.client.resolver "lookaside") -}}
    {{- $own = append $own (dict "name" "GRPC_XDS_BOOTSTRAP_CONFIG" "value" (include "echo.xdsBootstrap" .root)) -}}
  {{- end -}}
  {{- toJson $own -}}
{{- end -}}

{{/* The file is read again when it changes, so pods need not be replaced for it. Takes root and component. */}}
{{- define "echo.lookaside.volumes" }}
- name: echo-lookaside
  configMap:
    name: {{ include "echo.componentName" . }}-services
{{- with .root.Values.lookaside.tls.secretName }}
- name: echo-lookaside-tls
  secret:
    secretName: {{ quote . }}
{{- end }}
{{- end -}}

{{- define "echo.lookaside.volumeMounts" }}
- name: echo-lookaside
  mountPath: /etc/evenly
  readOnly: true
{{- if .root.Values.lookaside.tls.secretName }}
- name: echo-lookaside-tls
  mountPath: /etc/evenly-tls
  readOnly: true
{{- end }}
{{- end -}}
