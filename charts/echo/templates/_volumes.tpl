{{/* Volumes of a pod: the user's, the files of config, the static Envoy's and the control plane's. Takes root and component. */}}
{{- define "echo.volumes" -}}
{{- $v := .root.Values -}}
{{- if include "echo.isMain" . }}
{{- range $name, $source := $v.volumes }}
{{- if $source }}
- {{ merge (dict "name" $name) $source | toYaml | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- if $v.config.files }}
- name: echo-config
  configMap:
    name: {{ include "echo.configName" . }}
{{- end }}
{{- end }}
{{- if and (eq .component "client") $v.client.envoySidecar.enabled }}
- name: echo-envoy
  configMap:
    name: {{ include "echo.componentName" . }}-envoy
{{- end }}
{{- if eq .component "lookaside" }}
{{- include "echo.lookaside.volumes" . }}
{{- end }}
{{- end -}}

{{/* The program's mounts. */}}
{{- define "echo.volumeMounts" -}}
{{- $v := .root.Values -}}
{{- if include "echo.isMain" . }}
{{- range $name, $mount := $v.volumeMounts }}
{{- if $mount }}
- {{ merge (dict) $mount (dict "name" $name) | toYaml | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- if $v.config.files }}
- name: echo-config
  mountPath: {{ $v.config.mountPath }}
  readOnly: true
{{- end }}
{{- end }}
{{- if eq .component "lookaside" }}
{{- include "echo.lookaside.volumeMounts" . }}
{{- end }}
{{- end -}}

{{- define "echo.configName" -}}
  {{- include "echo.componentName" . }}-config
{{- end -}}

{{/* The files of config, as the data of a ConfigMap. Takes the root. */}}
{{- define "echo.configFiles" -}}
{{- $root := . -}}
{{- range $name, $content := .Values.config.files }}
{{- if kindIs "string" $content }}
{{ $name | quote }}: {{ tpl $content $root | quote }}
{{- end }}
{{- end }}
{{- end -}}
