{{/* What a control plane takes out of its clients' hands. Asked where there is a client, but for the first. */}}

{{- define "echo.rule.lookaside-alone" -}}
  {{- if and (eq .v.mode "lookaside") .v.client.enabled -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-client" -}}
  {{- $client := .v.client -}}
  {{- if eq $client.resolver "lookaside" -}}
    {{- $asks := dict "lbPolicy" $client.lbPolicy "maxAttempts" $client.maxAttempts -}}
    {{- $_ := set $asks "serviceConfig" (not (has ($client.serviceConfig | default "none") (list "auto" "none"))) -}}
    {{- include "echo.asked" (dict "of" "client" "asks" $asks) -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.lookaside-tls" -}}
  {{- if and .lookaside (eq .v.client.resolver "lookaside") (not .v.client.xdsServer) .v.lookaside.tls.secretName -}}
    {}
  {{- end -}}
{{- end -}}
