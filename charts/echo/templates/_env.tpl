{{/* The environment: first what the chart knows, then the user's in order of name, which may therefore use $(POD_NAME). */}}
{{- define "echo.env" -}}
{{- $root := .root -}}
{{- $beside := ternary $root.Values.lookaside $root.Values.client (eq .component "lookaside") -}}
{{- $user := ternary $root.Values.env $beside.env (ne (include "echo.isMain" .) "") | default dict -}}
{{- range include "echo.ownEnv" . | fromJsonArray }}
{{- if not (hasKey $user .name) }}
- name: {{ .name | quote }}
  {{- if .field }}
  valueFrom: {fieldRef: {fieldPath: {{ .field | quote }}}}
  {{- else if .secret }}
  valueFrom: {secretKeyRef: {{ toJson .secret }}}
  {{- else }}
  value: {{ .value | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- range $name, $entry := $user }}
{{- if kindIs "map" $entry }}
{{- if ne (toString $entry.enabled) "false" }}
- name: {{ $name | quote }}
  {{- with $entry.valueFrom }}
  valueFrom:
    {{- toYaml . | nindent 4 }}
  {{- else }}
  value: {{ include "echo.string" $entry.value | quote }}
  {{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $entry) }}
- name: {{ $name | quote }}
  value: {{ tpl (include "echo.string" $entry) $root | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
Who the pod is, and evenly-echo's options as its environment reads them, as JSON: each a field of the pod, of a Secret, or a value. Other
images pass over what they do not know.
*/}}
{{- define "echo.ownEnv" -}}
{{- $v := .root.Values -}}
{{- $ports := include "echo.ports" . | fromJson -}}
{{- $own := list (dict "name" "POD_NAME" "field" "metadata.name") (dict "name" "POD_IP" "field" "status.podIP") -}}
{{- $own = append $own (dict "name" "NODE_NAME" "field" "spec.nodeName") -}}
{{- $own = append $own (dict "name" "POD_ZONE" "field" "metadata.labels['topology.kubernetes.io/zone']") -}}
{{- $own = append $own (dict "name" "POD_VERSION" "value" (include "echo.version" .)) -}}
{{- with $ports.grpc -}}
  {{- $own = append $own (dict "name" "ECHO_LISTEN" "value" (printf "0.0.0.0:%d" (int .containerPort))) -}}
{{- end -}}
{{- with $ports.metrics -}}
  {{- $own = append $own (dict "name" "ECHO_ADMIN_LISTEN" "value" (printf "0.0.0.0:%d" (int .containerPort))) -}}
{{- end -}}
{{- $naming := join "," $v.metrics.naming -}}
{{- if not (has $naming (list "" "classic")) -}}
  {{- $own = append $own (dict "name" "ECHO_METRIC_NAMES" "value" $naming) -}}
{{- end -}}
{{- if eq .component "server" -}}
  {{- $drain := ternary $v.shutdown.drainSeconds 0 (include "echo.graceful" .root | eq "true") -}}
  {{- $own = append $own (dict "name" "ECHO_DRAIN_SECONDS" "value" (include "echo.string" $drain)) -}}
  {{- range $key, $name := dict "maxConnectionAgeSeconds" "ECHO_MAX_CONNECTION_AGE_SECONDS" "maxConnectionAgeGraceSeconds" "ECHO_MAX_CONNECTION_AGE_GRACE_SECONDS" -}}
    {{- with get $v.server $key -}}
      {{- $own = append $own (dict "name" $name "value" (include "echo.string" .)) -}}
    {{- end -}}
  {{- end -}}
  {{- if not (has (toString $v.server.utilization) (list "" "<nil>")) -}}
    {{- $own = append $own (dict "name" "ECHO_UTILIZATION" "value" (include "echo.string" $v.server.utilization)) -}}
  {{- end -}}
{{- end -}}
{{- concat $own (include "echo.lookaside.env" . | fromJsonArray) (include "echo.webEnv" . | fromJsonArray) (include "echo.tracingEnv" . | fromJsonArray) | toJson -}}
{{- end -}}
