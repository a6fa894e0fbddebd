{{/*
What many rules ask about, looked up once and put into the dict that every rule is called with: v (the values), server
(whether one runs here), lookaside (whether a control plane does), client (the kind of its workload, or ""), its args and its target ("" where that is auto), the meshes
of the release and of the client, ports (the server's) and grpc (the one of them that speaks it, or ""). Takes root and v.
*/}}
{{- define "echo.ruleFacts" -}}
  {{- $server := eq (include "echo.mode" .root) "server" -}}
  {{- $client := dict "root" .root "component" "client" -}}
  {{- $_ := set . "server" $server -}}
  {{- $_ := set . "lookaside" (include "echo.kindOf" (dict "root" .root "component" "lookaside") | ne "") -}}
  {{- $_ := set . "client" (include "echo.kindOf" $client) -}}
  {{- $_ := set . "clientArgs" (ternary .v.client.args .v.args $server | default list) -}}
  {{- $_ := set . "clientArgsPath" (ternary "client.args" "args" $server) -}}
  {{- $_ := set . "target" (eq (toString .v.client.target) "auto" | ternary "" .v.client.target) -}}
  {{- $_ := set . "mesh" (include "echo.mesh" .root) -}}
  {{- $_ := set . "clientMesh" (ternary (include "echo.meshOf" $client) "" (ne .client "")) -}}
  {{- $_ := set . "ports" (include "echo.ports" (dict "root" .root "component" "server") | fromJson) -}}
  {{- $_ := set . "grpc" (include "echo.grpcPort" .root) -}}
{{- end -}}
