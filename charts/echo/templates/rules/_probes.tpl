{{/* What asks at ports, or needs one that speaks gRPC. */}}

{{- define "echo.rule.port-grpc" -}}
  {{- if not .grpc -}}
    {{- $envoy := .v.client.envoySidecar -}}
    {{- $callsOwn := and .server .client (not (or .target (has "-h" .clientArgs) $envoy.enabled)) -}}
    {{- $needs := dict "client.target auto" $callsOwn -}}
    {{- $_ := set $needs "client.envoySidecar" (and .client $envoy.enabled (not $envoy.upstreamPort)) -}}
    {{- if .server -}}
      {{- range $key := list "grpcRoute" "meshRoute" "backendTlsPolicy" -}}
        {{- $_ := set $needs (printf "gatewayApi.%s" $key) (get $.v.gatewayApi $key).enabled -}}
      {{- end -}}
      {{- $_ := set $needs "istio.virtualService" (include "echo.istio.virtualService" .root) -}}
      {{- $_ := set $needs "linkerd.server" (and .v.linkerd.enabled .v.linkerd.server.enabled) -}}
      {{- $_ := set $needs "loadBalancing.serviceConfigMap" .v.loadBalancing.serviceConfigMap -}}
    {{- end -}}
    {{- range $need, $is := $needs -}}
      {{- if $is }}
{{ toJson (dict "need" $need) }}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* What stands beside another is asked over HTTP at its metrics port, as a control plane always has it; a Job has no probes. */}}
{{- define "echo.rule.probe-port" -}}
  {{- $kinds := dict "client" .client "server" (ternary .v.workload.kind "" .server) "lookaside" (ternary "Deployment" "" .lookaside) -}}
  {{- range $component, $kind := $kinds -}}
    {{- if not (has $kind (list "" "Job" "CronJob")) -}}
      {{- $ctx := dict "root" $.root "component" $component -}}
      {{- $main := ne (include "echo.isMain" $ctx) "" -}}
      {{- $ports := include "echo.ports" $ctx | fromJson -}}
      {{- range $name, $probe := $.v.probes -}}
        {{- if and $probe.enabled (not (and $main $probe.raw)) -}}
          {{- $type := ternary $probe.type "http" $main -}}
          {{- $http := or (eq $type "http") (and (eq $type "auto") (ne $component "server")) -}}
          {{- $port := ternary "metrics" ($.grpc | default "grpc") $http -}}
          {{- if $main -}}
            {{- $port = $probe.port | default $port -}}
          {{- end -}}
          {{- if not (hasKey $ports $port) -}}
            {{- $all := keys $ports | sortAlpha | join ", " | default "none is on" }}
{{ toJson (dict "probe" $name "component" $component "port" $port "ports" $all) }}
          {{- end -}}
        {{- end -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
