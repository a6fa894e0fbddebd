{{/* What evenly-echo answers on its admin port besides metrics, as JSON for its environment. Takes root and component. */}}
{{- define "echo.webEnv" -}}
  {{- $web := .root.Values.server.grpcWeb -}}
  {{- $own := list -}}
  {{- if and (eq .component "server") $web.enabled -}}
    {{- $own = append $own (dict "name" "ECHO_GRPC_WEB" "value" "true") -}}
    {{- with $web.origins -}}
      {{- $own = append $own (dict "name" "ECHO_GRPC_WEB_ORIGINS" "value" (join "," .)) -}}
    {{- end -}}
  {{- end -}}
  {{- if and (eq .component "client") .root.Values.client.pageControls -}}
    {{- $own = append $own (dict "name" "ECHO_PAGE_CONTROLS" "value" "true") -}}
  {{- end -}}
  {{- toJson $own -}}
{{- end -}}
