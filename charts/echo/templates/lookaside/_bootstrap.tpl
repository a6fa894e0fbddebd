{{/*
What an xDS client is started with. Kubernetes fills in who the client is, for a control plane that puts a client's own zone
first; a locality there has to be in any case. Takes the root.
*/}}
{{- define "echo.xdsBootstrap" -}}
  {{- $server := tpl (.Values.client.xdsServer | default "") . | default (include "echo.xdsServer" .) -}}
  {{- $node := dict "id" (printf "$(POD_NAME).%s" (include "echo.namespace" .)) "locality" (dict "zone" "$(POD_ZONE)") -}}
  {{- include "echo.xdsBootstrapOf" (dict "server" $server "credentials" (dict "type" "insecure") "node" $node) -}}
{{- end -}}

{{/* The same for programs of any language, of which Kubernetes tells nothing in a file. Takes the root. */}}
{{- define "echo.xdsBootstrapFile" -}}
  {{- $tls := .Values.lookaside.tls -}}
  {{- $credentials := dict "type" "insecure" -}}
  {{- if $tls.secretName -}}
    {{- $config := dict -}}
    {{- with $tls.clientCaFile -}}
      {{- $_ := set $config "ca_certificate_file" . -}}
    {{- end -}}
    {{- $credentials = dict "type" "tls" "config" $config -}}
  {{- end -}}
  {{- $node := dict "id" (include "echo.sliceName" .) "locality" dict -}}
  {{- include "echo.xdsBootstrapOf" (dict "server" (include "echo.xdsServer" .) "credentials" $credentials "node" $node) -}}
{{- end -}}

{{/* Takes server, credentials and node. */}}
{{- define "echo.xdsBootstrapOf" -}}
  {{- $server := dict "server_uri" .server "channel_creds" (list .credentials) "server_features" (list "xds_v3") -}}
  {{- dict "xds_servers" (list $server) "node" .node | toJson -}}
{{- end -}}

{{/* HOST:PORT of this release's control plane. Takes the root. */}}
{{- define "echo.xdsServer" -}}
  {{- $name := include "echo.componentName" (dict "root" . "component" "lookaside") -}}
  {{- include "echo.fqdn" (dict "root" . "name" $name) }}:{{ int .Values.lookaside.port -}}
{{- end -}}
