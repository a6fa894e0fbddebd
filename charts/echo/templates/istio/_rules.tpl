{{/* Rules of the AuthorizationPolicy: the release's own client, a caller of allowFrom each, then the user's. Takes the root. */}}
{{- define "echo.istio.rules" -}}
{{- $policy := .Values.istio.authorizationPolicy -}}
{{- if and .Values.client.enabled (eq $policy.action "ALLOW") (or $policy.allowFrom $policy.rules) }}
- from:
    - source:
        serviceAccounts:
          - {{ include "echo.namespace" . }}/{{ include "echo.serviceAccountName" (dict "root" . "component" "client") }}
{{- end }}
{{- range $name, $caller := .Values.istio.authorizationPolicy.allowFrom }}
{{- if $caller }}
- {{ include "echo.istio.rule" $caller | trim | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- with .Values.istio.authorizationPolicy.rules }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Callers are alternatives: each kind of name is a source of its own. */}}
{{- define "echo.istio.rule" -}}
{{- $caller := . -}}
{{- if or .serviceAccounts .namespaces .principals }}
from:
  {{- range $key := list "serviceAccounts" "namespaces" "principals" }}
  {{- with get $caller $key }}
  - source:
      {{ $key }}:
        {{- toYaml . | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end }}
{{- with .methods }}
to:
  - operation:
      paths:
        {{- range . }}
        - {{ printf "/%s" (trimPrefix "/" .) | quote }}
        {{- end }}
{{- end }}
{{- end -}}
