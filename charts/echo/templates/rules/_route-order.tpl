{{/* Routes and destinations of the VirtualService that never get what they are there for. Asked where Istio is on. */}}

{{/* Two destinations of a route that are one and the same, by host, subset and port. */}}
{{- define "echo.rule.route-same" -}}
  {{- if include "echo.istio.virtualService" .root -}}
    {{- $subsets := .v.istio.destinationRule.subsets | default dict -}}
    {{- range $name, $route := .v.istio.virtualService.routes -}}
      {{- if and $route (ne (toString $route.enabled) "false") -}}
        {{- $seen := dict -}}
        {{- range $key, $to := $route.destinations -}}
          {{- if kindIs "map" $to -}}
            {{- $subset := $to.subset | default (and (not $to.host) (hasKey $subsets $key) | ternary $key "") -}}
            {{- $place := printf "%s/%s/%d" ($to.host | default "") $subset (int $to.port) -}}
            {{- with get $seen $place }}
{{ toJson (dict "route" $name "destination" $key "other" .) }}
            {{- end -}}
            {{- $_ := set $seen $place $key -}}
          {{- end -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Routes are tried in order, and one that matches everything is the last that is. */}}
{{- define "echo.rule.route-shadowed" -}}
  {{- $routes := .v.istio.virtualService.routes -}}
  {{- if and $routes (include "echo.istio.virtualService" .root) -}}
    {{- $all := "" -}}
    {{- range $name := include "echo.ordered" $routes | trim | splitList "\n" -}}
      {{- if $all }}
{{ toJson (dict "route" $name "other" $all) }}
      {{- else -}}
        {{- with get $routes $name -}}
          {{- if not (or .service .method .headers (.raw | default dict).match) -}}
            {{- $all = $name -}}
          {{- end -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
