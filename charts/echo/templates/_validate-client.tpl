{{/* Rules about what runs: server or client, and whom a client calls. */}}
{{- define "echo.rule.mode-args" -}}
  {{- if and (eq .Values.mode "server") (has "-h" .Values.args) (not .Values.command) -}}
    args: -h makes this a client, and mode says server; set mode to auto or client, or name the program in command if -h means something else to it.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-target" -}}
  {{- $told := or .Values.client.target (has "-h" .Values.args) .Values.command -}}
  {{- if and (eq (include "echo.mode" .) "client") (not $told) -}}
    client.target: a client needs someone to call; set it to HOST:PORT, or to a gRPC target such as dns:///NAME-headless:8080.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-target-twice" -}}
  {{- if and .Values.client.target (has "-h" .Values.args) -}}
    client.target: args already name whom to call, after -h; remove one of the two.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-target-server" -}}
  {{- if and .Values.client.target (eq (include "echo.mode" .) "server") -}}
    client.target: nobody would call it, because mode {{ .Values.mode }} makes this release a server; set mode to client.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.job-ends" -}}
  {{- $client := .Values.client -}}
  {{- $told := or $client.requests .Values.command (has "--requests" .Values.args) -}}
  {{- if and (eq (include "echo.mode" .) "client") (eq $client.kind "Job") (not $told) -}}
    client.requests: a Job that calls for ever never completes; set the number of calls to make.
  {{- end -}}
{{- end -}}

{{- define "echo.rule.client-pace" -}}
  {{- $client := .Values.client -}}
  {{- if and (eq (include "echo.mode" .) "client") $client.rps (gt (int64 $client.concurrency) 1) -}}
    client.rps: a fixed rate waits for no answers and concurrency waits for rounds of them, so they exclude each other; set one of the two to 0.
  {{- end -}}
{{- end -}}
