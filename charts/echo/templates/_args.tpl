{{/*
The program's arguments. A server's are the user's alone, so that an image's own default command stands when there are
none. A client's begin with the user's, or with -h TARGET, and go on with each client.* option that is set and not among
them. Takes root and component.
*/}}
{{- define "echo.args" -}}
  {{- $args := .root.Values.args -}}
  {{- if eq .component "client" -}}
    {{- $client := .root.Values.client -}}
    {{- if $client.target -}}
      {{- $args = concat $args (list "-h" (tpl $client.target .root)) -}}
    {{- end -}}
    {{- $given := printf " %s " (join " " $args) -}}
    {{- range $option, $value := include "echo.clientOptions" $client | fromYaml -}}
      {{- if not (regexMatch (printf " %s[ =]" $option) $given) -}}
        {{- $args = concat $args (list $option $value) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- include "echo.stringList" $args -}}
{{- end -}}

{{/* The client's options that are set, by the name they have on its command line. */}}
{{- define "echo.clientOptions" -}}
  {{- $options := dict -}}
  {{- range $key := list "requests" "concurrency" "rps" "lbPolicy" "expect" "peers" "dnsMinIntervalSeconds" "maxAttempts" -}}
    {{- with get $ $key -}}
      {{- $_ := set $options (printf "--%s" (kebabcase $key)) . -}}
    {{- end -}}
  {{- end -}}
  {{- if ne (toString .intervalSeconds) "" -}}
    {{- $_ := set $options "--interval-seconds" .intervalSeconds -}}
  {{- end -}}
  {{- toYaml $options -}}
{{- end -}}
