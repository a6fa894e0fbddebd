{{/* Labels of the Service that send its calls through a waypoint. Takes the root. */}}
{{- define "echo.istio.serviceLabels" -}}
{{- if eq (include "echo.mesh" .) "ambient" }}
{{- with include "echo.istio.waypoint" . }}
istio.io/use-waypoint: {{ . | quote }}
{{- with $.Values.istio.ambient.waypoint.namespace }}
istio.io/use-waypoint-namespace: {{ . | quote }}
{{- end }}
{{- if $.Values.istio.ambient.ingressUseWaypoint }}
istio.io/ingress-use-waypoint: "true"
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Name of the waypoint; "" when there is none. */}}
{{- define "echo.istio.waypoint" -}}
  {{- $waypoint := .Values.istio.ambient.waypoint -}}
  {{- if and (eq (include "echo.mesh" .) "ambient") (eq (include "echo.mode" .) "server") -}}
    {{- $waypoint.name | default ($waypoint.create | ternary (printf "%s-waypoint" (include "echo.fullname" .)) "") -}}
  {{- end -}}
{{- end -}}

{{/* Whom a policy is about: the server's pods, or its Service where a waypoint carries the policy out. Takes the root. */}}
{{- define "echo.istio.serverTarget" -}}
{{- if include "echo.istio.waypoint" . -}}
targetRefs:
  - kind: Service
    group: ""
    name: {{ include "echo.fullname" . | quote }}
{{- else -}}
selector:
  matchLabels:
    {{- include "echo.selectorLabels" (dict "root" . "component" "server") | nindent 4 }}
{{- end -}}
{{- end -}}
