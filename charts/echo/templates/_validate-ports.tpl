{{/* Rules about ports, and the probes and Services that refer to them. */}}
{{- define "echo.rule.probe-port" -}}
  {{- $component := include "echo.mode" . -}}
  {{- $kind := eq $component "client" | ternary .Values.client.kind "Deployment" -}}
  {{- $ctx := dict "root" . "component" $component -}}
  {{- $ports := include "echo.ports" $ctx | fromYaml -}}
  {{- range $name, $probe := .Values.probes -}}
    {{- $port := include "echo.probePort" (merge (dict "probe" $probe) $ctx) -}}
    {{- if and $probe.enabled (not $probe.raw) (ne $kind "Job") (not (hasKey $ports $port)) }}
      {{- "" }}probes.{{ $name }}.port: a {{ $component }} has no port {{ $port }}; name one of its ports ({{ keys $ports | sortAlpha | join ", " | default "none is on" }}), or set probes.{{ $name }}.enabled to false.
    {{ end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.port-number" -}}
  {{- range $name, $port := include "echo.ports" (dict "root" . "component" (include "echo.mode" .)) | fromYaml -}}
    {{- if not $port.containerPort }}
      {{- "" }}ports.{{ $name }}.containerPort: a port has a number; set it, or set ports.{{ $name }}.enabled to false.
    {{ end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.port-twice" -}}
  {{- $taken := dict -}}
  {{- range $name, $port := include "echo.ports" (dict "root" . "component" (include "echo.mode" .)) | fromYaml -}}
    {{- $number := $port.containerPort | default $name | toString -}}
    {{- with get $taken $number }}
      {{- "" }}ports.{{ $name }}.containerPort: {{ $number }} is already the port of ports.{{ . }}; give each port a number of its own.
    {{ end -}}
    {{- $_ := set $taken $number $name -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.service-ports" -}}
  {{- $root := . -}}
  {{- if eq (include "echo.mode" .) "server" -}}
    {{- range $expose := list "service" "headless" -}}
      {{- $none := not (include "echo.servicePorts" (dict "root" $root "expose" $expose) | trim) -}}
      {{- if and (get $root.Values $expose).enabled $none }}
        {{- "" }}{{ $expose }}.enabled: none of ports is exposed there, and a Service needs one; set {{ $expose }}.enabled to false, or turn a port on.
      {{ end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
