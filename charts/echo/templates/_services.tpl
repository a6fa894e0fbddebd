{{/* Ports of a Service. Takes root and expose: service, or headless, where a client dials the pod's own port. */}}
{{- define "echo.servicePorts" -}}
{{- range $key, $port := include "echo.ports" (dict "root" .root "component" "server") | fromJson }}
{{- if has $.expose ($port.expose | default (hasKey $port "expose" | ternary list (list "service" "headless"))) }}
{{- $this := dict "root" $.root "name" $key "port" $port }}
- name: {{ include "echo.portName" $this | quote }}
  port: {{ eq $.expose "headless" | ternary $port.containerPort ($port.servicePort | default $port.containerPort) | int }}
  targetPort: {{ $key | quote }}
  protocol: TCP
  {{- with include "echo.appProtocol" $this }}
  appProtocol: {{ . }}
  {{- end }}
  {{- if and $port.nodePort (eq $.expose "service") (ne $.root.Values.service.type "ClusterIP") }}
  nodePort: {{ int $port.nodePort }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Port of the ClusterIP Service that speaks gRPC. Takes the root. */}}
{{- define "echo.grpcServicePort" -}}
  {{- $port := get .Values.ports (include "echo.grpcPort" .) | default dict -}}
  {{- int ($port.servicePort | default $port.containerPort) -}}
{{- end -}}
