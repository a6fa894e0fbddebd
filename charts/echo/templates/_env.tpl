{{/* The environment: first what the chart knows, then the user's in order of name, which may therefore use $(POD_NAME). */}}
{{- define "echo.env" -}}
{{- $root := .root -}}
{{- $user := $root.Values.env | default dict -}}
{{- range include "echo.ownEnv" . | fromYamlArray }}
{{- if not (hasKey $user .name) }}
- {{ toYaml . | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- range $name, $entry := $user }}
{{- if kindIs "map" $entry }}
{{- if ne (toString $entry.enabled) "false" }}
- name: {{ $name }}
  {{- with $entry.valueFrom }}
  valueFrom:
    {{- toYaml . | nindent 4 }}
  {{- else }}
  value: {{ include "echo.string" $entry.value | quote }}
  {{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $entry) }}
- name: {{ $name }}
  value: {{ tpl (include "echo.string" $entry) $root | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Who the pod is, and evenly-echo's options as its environment reads them. Other images pass over what they do not know. */}}
{{- define "echo.ownEnv" -}}
{{- $v := .root.Values -}}
{{- $ports := include "echo.ports" . | fromYaml -}}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
- {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
- {name: POD_ZONE, valueFrom: {fieldRef: {fieldPath: "metadata.labels['topology.kubernetes.io/zone']"}}}
- {name: POD_VERSION, value: {{ include "echo.version" . | quote }}}
{{- with $ports.grpc }}
- {name: ECHO_LISTEN, value: "0.0.0.0:{{ int .containerPort }}"}
{{- end }}
{{- with $ports.metrics }}
- {name: ECHO_ADMIN_LISTEN, value: "0.0.0.0:{{ int .containerPort }}"}
{{- end }}
{{- if eq .component "server" }}
- {name: ECHO_DRAIN_SECONDS, value: {{ include "echo.string" $v.shutdown.drainSeconds | quote }}}
{{- with $v.server.maxConnectionAgeSeconds }}
- {name: ECHO_MAX_CONNECTION_AGE_SECONDS, value: {{ include "echo.string" . | quote }}}
{{- end }}
{{- with $v.server.maxConnectionAgeGraceSeconds }}
- {name: ECHO_MAX_CONNECTION_AGE_GRACE_SECONDS, value: {{ include "echo.string" . | quote }}}
{{- end }}
{{- end }}
{{- end -}}
