{{/* How a client finds the pods. */}}

{{- define "echo.rule.resolver-client" -}}
  {{- if and (not .client) (ne .v.client.resolver "dns") -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.xds-server" -}}
  {{- if and .client (eq .v.client.resolver "lookaside") (not (or .v.client.xdsServer .lookaside)) -}}
    {}
  {{- end -}}
{{- end -}}

{{/*
The rest is asked where there is a client. Arguments of a program of the user's own mean what that program takes them for, and
an xDS client may be started with what somebody else gives it, as Istio's agent does.
*/}}
{{- define "echo.rule.resolver-target" -}}
  {{- $told := or .target (has "-h" .clientArgs) -}}
  {{- if and $told (not .v.client.envoySidecar.enabled) (not (and .v.command (not .server))) -}}
    {{- $target := include "echo.dialled" .root -}}
    {{- $resolver := get (dict "k8s:" "endpointSlices" "xds:" "lookaside" "" "dns") (regexFind "^(k8s|xds):" $target) -}}
    {{- if not (or (eq $resolver .v.client.resolver) (and (eq $resolver "lookaside") (eq .v.client.resolver "dns"))) -}}
      {{- $scheme := get (dict "dns" "dns" "endpointSlices" "k8s" "lookaside" "xds") .v.client.resolver -}}
      {{- $service := "SERVICE.NAMESPACE:PORT" -}}
      {{- if regexMatch "^([a-z0-9]+:/*)?[a-z0-9-]+[.][a-z0-9-]+:[0-9]+$" $target -}}
        {{- $service = regexFind "[a-z0-9-]+[.][a-z0-9-]+:[0-9]+$" $target -}}
      {{- end -}}
      {{ toJson (dict "target" $target "resolver" $resolver "wanted" (printf "%s:///%s" $scheme $service)) }}
    {{- end -}}
  {{- end -}}
{{- end -}}

{{/* Ambient passes connections on to the pod that they are for, so a client that knows the pods is of use there. */}}
{{- define "echo.rule.resolver-mesh" -}}
  {{- if and (ne .v.client.resolver "dns") (has .clientMesh (list "istio" "linkerd")) -}}
    {}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.dns-interval" -}}
  {{- if and .v.client.dnsMinIntervalSeconds (ne .v.client.resolver "dns") -}}
    {{ toJson (pick .v.client "resolver") }}
  {{- end -}}
{{- end -}}

{{- define "echo.rule.envoy-resolver" -}}
  {{- if and .client (ne .v.client.resolver "dns") -}}
    {}
  {{- end -}}
{{- end -}}
