{{/*
The right to watch, and whose it is. In a namespace that is not the release's the name says whose, because others may have a
release of the same name. Takes root, component, watched: a namespace, or "*" for all, and resources: what is watched there.
*/}}
{{- define "echo.rights" -}}
{{- $own := include "echo.namespace" .root -}}
{{- $all := eq .watched "*" -}}
{{- $name := printf "%s-endpoints" (include "echo.componentName" .) -}}
{{- if ne .watched $own -}}
{{- $name = printf "%s-%s" $own $name -}}
{{- end -}}
{{- $metadata := merge (dict "name" $name) (ternary dict (dict "namespace" .watched) $all) (pick . "root" "component") -}}
{{- $metadata = include "echo.metadata" $metadata | trim -}}
{{- if $all -}}
{{- $metadata = regexReplaceAll "\nnamespace: [^\n]*" $metadata "" -}}
{{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ ternary "ClusterRole" "Role" $all }}
metadata:
  {{- $metadata | nindent 2 }}
rules:
  - apiGroups:
      - discovery.k8s.io
    resources:
      - endpointslices
    verbs:
      - list
      - watch
  {{- if has "services" .resources }}
  - apiGroups:
      - ""
    resources:
      - services
    verbs:
      - list
      - watch
  {{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ ternary "ClusterRoleBinding" "RoleBinding" $all }}
metadata:
  {{- $metadata | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ ternary "ClusterRole" "Role" $all }}
  name: {{ $name | quote }}
subjects:
  - kind: ServiceAccount
    name: {{ include "echo.serviceAccountName" . | quote }}
    namespace: {{ $own | quote }}
{{- end -}}
