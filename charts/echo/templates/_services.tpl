{{/* Ports of a Service. Takes root and expose: service, or headless, where a client dials the pod's own port. */}}
{{- define "echo.servicePorts" -}}
{{- range $name, $port := include "echo.ports" (dict "root" .root "component" "server") | fromYaml }}
{{- if has $.expose ($port.expose | default (list "service" "headless")) }}
- name: {{ $name }}
  port: {{ eq $.expose "headless" | ternary $port.containerPort ($port.servicePort | default $port.containerPort) | int }}
  targetPort: {{ $name }}
  protocol: TCP
  {{- if not (has ($port.appProtocol | default "auto") (list "auto" "")) }}
  appProtocol: {{ $port.appProtocol }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}
