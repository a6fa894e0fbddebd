{{/* What the control plane reads: the Services that it tells of, and how. Takes the root. */}}
{{- define "echo.lookaside.config" -}}
{{- $lookaside := .Values.lookaside -}}
{{- $discover := $lookaside.discover -}}
{{- with include "echo.lookaside.services" . | fromJson }}
services:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $discover.namespaces }}
discover:
  namespaces: {{ ternary (list "*") $discover.namespaces (has "*" $discover.namespaces) | toJson }}
  {{- range $key := list "labelSelector" "annotation" "localities" }}
  {{- with get $discover $key }}
  {{ $key }}: {{ quote . }}
  {{- end }}
  {{- end }}
  {{- with $discover.policy }}
  policy: {{ toJson . }}
  {{- end }}
  {{- with include "echo.lookaside.zoneWeights" $discover | fromJson }}
  zoneWeights: {{ toJson . }}
  {{- end }}
{{- end }}
debounceMilliseconds: {{ int64 $lookaside.debounceMilliseconds }}
maximumDebounceMilliseconds: {{ int64 $lookaside.maximumDebounceMilliseconds }}
{{- end -}}

{{/* lookaside.services, without what is unset there, over this release's own Service as loadBalancing has it; as JSON. */}}
{{- define "echo.lookaside.services" -}}
  {{- $all := dict -}}
  {{- if include "echo.lookaside.ownService" . -}}
    {{- $own := dict "policy" (include "echo.ownPolicy" . | fromJson) -}}
    {{- $_ := set $own "backends" (list (dict "service" (printf "%s:%s" (include "echo.sliceName" .) (include "echo.grpcPortName" .)))) -}}
    {{- if eq .Values.loadBalancing.locality.mode "trafficDistribution" -}}
      {{- $_ := set $own "localities" "zoneFirst" -}}
    {{- end -}}
    {{- $_ := set $all (include "echo.xdsName" .) $own -}}
  {{- end -}}
  {{- range $name, $entry := .Values.lookaside.services -}}
    {{- if kindIs "map" $entry -}}
      {{- $told := get $all $name | default dict -}}
      {{- $weights := include "echo.lookaside.zoneWeights" $entry | fromJson -}}
      {{- range $key, $value := set (omit $entry "zoneWeights") "zoneWeights" $weights -}}
        {{- if $value -}}
          {{- $_ := set $told $key $value -}}
        {{- end -}}
      {{- end -}}
      {{- $_ := set $all $name $told -}}
    {{- end -}}
  {{- end -}}
  {{- toJson $all -}}
{{- end -}}

{{/* Whether the release has a Service to tell of. */}}
{{- define "echo.lookaside.ownService" -}}
  {{- if and (eq (include "echo.mode" .) "server") (include "echo.grpcPort" .) (or .Values.service.enabled (include "echo.headless" .)) -}}
    true
  {{- end -}}
{{- end -}}
