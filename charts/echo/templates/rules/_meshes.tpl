{{/* Which mesh, and values of one that is off. */}}

{{- define "echo.rule.meshes" -}}
  {{- if and .v.istio.enabled .v.linkerd.enabled -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.istio-off" -}}
  {{- $istio := .v.istio -}}
  {{- if not $istio.enabled -}}
    {{- $vs := $istio.virtualService -}}
    {{- $asks := dict "mode" (eq $istio.mode "ambient") "sidecar.scope.enabled" $istio.sidecar.scope.enabled -}}
    {{- $_ := set $asks "ambient.waypoint.create" $istio.ambient.waypoint.create -}}
    {{- $_ := set $asks "ambient.waypoint.name" $istio.ambient.waypoint.name -}}
    {{- $_ := set $asks "destinationRule.subsets" $istio.destinationRule.subsets -}}
    {{- $_ := set $asks "destinationRule.trafficPolicy" $istio.destinationRule.trafficPolicy -}}
    {{- $_ := set $asks "virtualService.enabled" (eq (toString $vs.enabled) "true") -}}
    {{- $_ := set $asks "virtualService.routes" $vs.routes -}}
    {{- $_ := set $asks "virtualService.fault.abort.percent" $vs.fault.abort.percent -}}
    {{- $_ := set $asks "virtualService.fault.delay.percent" $vs.fault.delay.percent -}}
    {{- $_ := set $asks "virtualService.mirror.percent" $vs.mirror.percent -}}
    {{- $_ := set $asks "peerAuthentication.mode" $istio.peerAuthentication.mode -}}
    {{- $_ := set $asks "peerAuthentication.portLevel" $istio.peerAuthentication.portLevel -}}
    {{- $_ := set $asks "authorizationPolicy.enabled" $istio.authorizationPolicy.enabled -}}
    {{- $_ := set $asks "telemetry.enabled" $istio.telemetry.enabled -}}
    {{- $_ := set $asks "perEndpointStats.enabled" $istio.perEndpointStats.enabled -}}
    {{- include "echo.asked" (dict "of" "istio" "asks" $asks) -}}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.linkerd-off" -}}
  {{- $linkerd := .v.linkerd -}}
  {{- if not $linkerd.enabled -}}
    {{- $asks := dict "server.enabled" $linkerd.server.enabled "rateLimit.enabled" $linkerd.rateLimit.enabled -}}
    {{- $_ := set $asks "loadBiaser.enabled" $linkerd.loadBiaser.enabled -}}
    {{- $_ := set $asks "failureAccrual.mode" $linkerd.failureAccrual.mode -}}
    {{- $_ := set $asks "opaquePorts" $linkerd.opaquePorts -}}
    {{- include "echo.asked" (dict "of" "linkerd" "asks" $asks) -}}
  {{- end -}}
{{- end -}}

{{/* A line for each path whose value asks for something. Takes of and asks. */}}
{{- define "echo.asked" -}}
  {{- range $path, $value := .asks -}}
    {{- if $value }}
{{ toJson (dict "path" (printf "%s.%s" $.of $path)) }}
    {{- end -}}
  {{- end -}}
{{- end -}}
