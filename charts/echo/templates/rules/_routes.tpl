{{/* What the VirtualService's routes lead to. Asked where Istio is on. */}}

{{- define "echo.rule.routes-twice" -}}
  {{- $gateways := .v.istio.virtualService.gateways -}}
  {{- if and .v.gatewayApi.meshRoute.enabled (or (not $gateways) (has "mesh" $gateways)) (include "echo.istio.virtualService" .root) -}}
    {}
  {{- end -}}
{{- end -}}

{{/* A rule of one's own under destinationRule.enabled: false may have any subsets. */}}
{{- define "echo.rule.route-subset" -}}
  {{- if and .v.istio.destinationRule.enabled (include "echo.istio.virtualService" .root) -}}
    {{- $vs := .v.istio.virtualService -}}
    {{- $known := .v.istio.destinationRule.subsets | default dict -}}
    {{- $refers := dict -}}
    {{- range $route, $entry := $vs.routes -}}
      {{- if and $entry (ne (toString $entry.enabled) "false") -}}
        {{- range $name, $to := $entry.destinations -}}
          {{- if kindIs "map" $to -}}
            {{- $_ := set $refers (printf "istio.virtualService.routes.%s.destinations.%s.subset" $route $name) $to -}}
          {{- end -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
    {{- if $vs.mirror.percent -}}
      {{- $_ := set $refers "istio.virtualService.mirror.subset" $vs.mirror -}}
    {{- end -}}
    {{- range $path, $to := $refers -}}
      {{- if and $to.subset (not $to.host) (not (get $known (toString $to.subset))) }}
{{ toJson (dict "path" $path "subset" $to.subset) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.mirror-self" -}}
  {{- $mirror := .v.istio.virtualService.mirror -}}
  {{- if and $mirror.percent (not (or $mirror.host $mirror.subset)) (include "echo.istio.virtualService" .root) -}}
    {}
  {{- end -}}
{{- end -}}
