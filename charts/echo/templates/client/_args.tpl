{{/*
The program's arguments. A server's are the user's alone, so that an image's own default command stands when there are
none. A client's begin with the user's, or with -h TARGET, and go on with each option of client.* that is set and not among
them. A control plane's begin with what makes it one. Takes root and component.
*/}}
{{- define "echo.args" -}}
  {{- $v := .root.Values -}}
  {{- $args := $v.args | default list -}}
  {{- if eq .component "lookaside" -}}
    {{- $args = ternary $args ($v.lookaside.args | default list) (ne (include "echo.isMain" .) "") -}}
    {{- if not (has "--lookaside" $args) -}}
      {{- $args = prepend $args "--lookaside" -}}
    {{- end -}}
  {{- else if eq .component "client" -}}
    {{- if not (include "echo.isMain" .) -}}
      {{- $args = $v.client.args | default list -}}
    {{- end -}}
    {{- if not (has "-h" $args) -}}
      {{- with include "echo.clientTarget" .root -}}
        {{- $args = concat $args (list "-h" .) -}}
      {{- end -}}
    {{- end -}}
    {{- $given := printf " %s " (join " " $args) -}}
    {{- range $option, $value := include "echo.clientOptions" .root | fromJson -}}
      {{- if not (regexMatch (printf " %s[ =]" $option) $given) -}}
        {{- $args = concat $args (list $option $value) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- include "echo.stringList" $args -}}
{{- end -}}

{{/* The client's options that are set, by the name they have on its command line, as JSON. Takes the root. */}}
{{- define "echo.clientOptions" -}}
  {{- $client := .Values.client -}}
  {{- $options := dict -}}
  {{- range $key := list "method" "healthService" "requests" "durationSeconds" "concurrency" "rps" "lbPolicy" "expect" "peers" "readyTimeoutSeconds" "dnsMinIntervalSeconds" "maxAttempts" -}}
    {{- with get $client $key -}}
      {{- $_ := set $options (printf "--%s" (kebabcase $key)) . -}}
    {{- end -}}
  {{- end -}}
  {{- if not (has (toString $client.intervalSeconds) (list "" "<nil>")) -}}
    {{- $_ := set $options "--interval-seconds" $client.intervalSeconds -}}
  {{- end -}}
  {{- with include "echo.clientServiceConfig" . -}}
    {{- $_ := set $options "--service-config" . -}}
    {{- with $.Values.loadBalancing.connectionPool.keepalive -}}
      {{- if .interval -}}
        {{- $_ := set $options "--keepalive-time-seconds" (include "echo.seconds" .interval) -}}
        {{- $_ := set $options "--keepalive-timeout-seconds" (.timeout | default "20s" | include "echo.seconds") -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- /* A server that starts at the same time has no address yet, and DNS remembers that for a while. */}}
  {{- if and (eq (include "echo.mode" .) "server") (not $client.readyTimeoutSeconds) -}}
    {{- $_ := set $options "--ready-timeout-seconds" 300 -}}
  {{- end -}}
  {{- if and (eq $client.resolver "dns") (include "echo.clientBalances" .) (not $client.dnsMinIntervalSeconds) -}}
    {{- $_ := set $options "--dns-min-interval-seconds" 5 -}}
  {{- end -}}
  {{- toJson $options -}}
{{- end -}}
