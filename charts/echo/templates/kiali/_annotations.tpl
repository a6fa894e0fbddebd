{{/*
What Kiali reads from a pod template's annotations: which dashboard its tab shows, the dashboard itself where Kiali is not told
of it otherwise, and how many failures are too many. Takes root.
*/}}
{{- define "echo.kiali.podAnnotations" -}}
{{- $kiali := .root.Values.kiali -}}
{{- if ne $kiali.mode "none" }}
kiali.io/dashboards: grpc-lb
{{- end }}
{{- if eq $kiali.mode "annotation" }}
dashboards.kiali.io/templates: {{ (.root.Files.Get "files/kiali/config.yaml" | fromYaml).custom_dashboards | toYaml | quote }}
{{- end }}
{{- include "echo.kiali.healthAnnotation" .root }}
{{- end -}}

{{/* For pods and Services alike. Takes the root. */}}
{{- define "echo.kiali.healthAnnotation" -}}
{{- with .Values.kiali.healthRate }}
health.kiali.io/rate: {{ . | quote }}
{{- end }}
{{- end -}}
