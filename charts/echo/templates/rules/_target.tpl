{{/* What runs, and whom a client calls. */}}

{{- define "echo.rule.mode-args" -}}
  {{- if and (has .v.mode (list "server" "lookaside")) (has "-h" .v.args) (not .v.command) -}}
    {{ toJson (pick .v "mode") }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-target" -}}
  {{- if not (or (not .client) .server .target (has "-h" .clientArgs) .v.command .v.client.envoySidecar.enabled) -}}
    {}
  {{- end -}}
{{- end -}}

{{/* Arguments of a program of the user's own mean what that program takes them for. */}}
{{- define "echo.rule.client-target-twice" -}}
  {{- if .target -}}
    {{- if and (has "-h" .v.args) (not (and .server .v.command)) -}}
      {{ toJson (dict "args" "args") }}
    {{- else if and .client (has "-h" .clientArgs) -}}
      {{ toJson (dict "args" .clientArgsPath) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-target-server" -}}
  {{- if and .target (not .client) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-target-service" -}}
  {{- if and .server (not .v.service.enabled) -}}
    {{- if not (or .target (has "-h" .clientArgs) .v.client.envoySidecar.enabled) -}}
      {{- $watched := and (ne .v.client.resolver "dns") (ne (include "echo.headless" .root) "") -}}
      {{- if not (or $watched (include "echo.balancesItself" (dict "root" .root "component" "client"))) -}}
        {}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-headless" -}}
  {{- if and .clientMesh (not .v.client.envoySidecar.enabled) -}}
    {{- $path := "client.target" -}}
    {{- $target := .target | default "" -}}
    {{- range $at, $arg := .clientArgs -}}
      {{- if eq (toString $arg) "-h" -}}
        {{- $path = $.clientArgsPath -}}
        {{- $target = index (append $.clientArgs "") (add1 $at | int) | toString -}}
      {{- end -}}
    {{- end -}}
    {{- if contains "{{" $target -}}
      {{- $target = tpl $target .root -}}
    {{- end -}}
    {{- $suffix := .v.headless.nameSuffix -}}
    {{- if regexMatch (printf "(^|[/:])[a-z0-9-]+%s([.:/]|$)" $suffix) $target -}}
      {{ toJson (dict "path" $path "suffix" $suffix) }}
    {{- end -}}
  {{- end -}}
{{- end -}}
