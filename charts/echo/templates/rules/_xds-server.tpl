{{/* The control plane of another release, that a client asks. */}}

{{- define "echo.rule.xds-server-unasked" -}}
  {{- if and .v.client.xdsServer (ne .v.client.resolver "lookaside") -}}
    {{ toJson (pick .v.client "resolver") }}
  {{- end -}}
{{- end -}}

{{/* Of a template nobody but Helm knows what it renders. */}}
{{- define "echo.rule.xds-server-port" -}}
  {{- $server := .v.client.xdsServer | default "" -}}
  {{- if and $server (not (contains "{{" $server)) (not (regexMatch ":[0-9]{1,5}$" $server)) -}}
    {{ toJson (dict "server" $server) }}
  {{- end -}}
{{- end -}}
