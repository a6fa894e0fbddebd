{{/*
An image's reference: [registry/]repository[:tag][@digest]. A registry takes the place of the host that the repository
begins with, if it begins with one; without tag and digest the tag is the chart's appVersion. Takes root and image.
*/}}
{{- define "echo.image" -}}
  {{- $repository := .image.repository -}}
  {{- with .image.registry | default (.root.Values.global).imageRegistry -}}
    {{- $repository = printf "%s/%s" . (regexReplaceAll "^(localhost|[^/]*[.:][^/]*)/" $repository "") -}}
  {{- end -}}
  {{- $tag := .image.tag -}}
  {{- if not (or $tag .image.digest) -}}
    {{- $tag = .root.Chart.AppVersion -}}
  {{- end -}}
  {{- $repository }}{{ with $tag }}:{{ . }}{{ end }}{{ with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/* The image of a component, as JSON: `image` is that of the main one and of servers. Takes root and component. */}}
{{- define "echo.imageOf" -}}
  {{- $v := .root.Values -}}
  {{- if or (eq .component "server") (include "echo.isMain" .) -}}
    {{- toJson $v.image -}}
  {{- else -}}
    {{- eq .component "lookaside" | ternary $v.lookaside.image $v.client.image | toJson -}}
  {{- end -}}
{{- end -}}

{{/* Pull secrets of the release and of global, each a name or {name: ...}, none twice. */}}
{{- define "echo.pullSecrets" -}}
  {{- $names := list -}}
  {{- range concat (.Values.imagePullSecrets | default list) ((.Values.global).imagePullSecrets | default list) -}}
    {{- $names = append $names (kindIs "map" . | ternary . (dict "name" .)).name -}}
  {{- end -}}
  {{- range $names | uniq }}
- name: {{ . }}
  {{- end -}}
{{- end -}}
