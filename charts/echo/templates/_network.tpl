{{/* Who comes in: callers to the ports that speak gRPC, scrapers to the others. Takes root and component. */}}
{{- define "echo.network.ingress" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $calls := list -}}
{{- $scrapes := list -}}
{{- range $name, $port := include "echo.ports" . | fromJson -}}
  {{- if eq (include "echo.protocol" (dict "port" $port)) "grpc" -}}
    {{- $calls = append $calls (int $port.containerPort) -}}
  {{- else -}}
    {{- $scrapes = append $scrapes (int $port.containerPort) -}}
  {{- end -}}
{{- end -}}
{{- if and (eq .component "client") .root.Values.client.envoySidecar.enabled -}}
  {{- $scrapes = append $scrapes (int .root.Values.client.envoySidecar.statsPort) -}}
{{- end -}}
{{- $mesh := include "echo.meshOf" . -}}
{{- $doors := dict "istio" list "ambient" (list 15008) "linkerd" (list 4143) -}}
{{- $admin := dict "istio" (list 15020 15090) "ambient" list "linkerd" (list 4191) -}}
{{- $doorsOf := get $doors $mesh | default list -}}
{{- range $rule := list (dict "ports" $calls "peers" $policy.from) (dict "ports" (concat $scrapes (get $admin $mesh | default list)) "peers" $policy.metricsFrom) }}
{{- if $rule.ports }}
- ports:
    {{- include "echo.network.ports" (concat $rule.ports $doorsOf) | trim | nindent 4 }}
  from:
    {{- include "echo.network.peers" (merge (dict "peers" $rule.peers) $) | trim | nindent 4 }}
{{- end }}
{{- end }}
{{- if eq $mesh "ambient" }}
- from:
    {{- /* The kubelet's probes, under the address that ambient gives them. */}}
    - ipBlock: {cidr: 169.254.7.127/32}
{{- end }}
{{- end -}}

{{/* The release's own pods, those of the namespace if so told, and the user's peers. Takes root, component and peers. */}}
{{- define "echo.network.peers" -}}
{{- if .root.Values.networkPolicy.allowSameNamespace }}
- podSelector: {}
{{- else }}
- podSelector:
    matchLabels:
      {{- include "echo.releaseLabels" . | nindent 6 }}
{{- end }}
{{- range $name, $peer := .peers }}
{{- if $peer }}
- {{ toYaml $peer | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where pods go: names, the release's own pods, the mesh's control plane and other proxies, and the user's rules. */}}
{{- define "echo.network.egress" -}}
{{- $mesh := include "echo.meshOf" . -}}
{{- $ports := dict "istio" (list 15012) "ambient" (list 15008) "linkerd" (list 4143 8080 8086 8090) -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
- to:
    - podSelector:
        matchLabels:
          {{- include "echo.releaseLabels" . | nindent 10 }}
{{- if include "echo.watches" . }}
- ports:
    {{- /* The Kubernetes API, at its Service and behind it. */}}
    {{- include "echo.network.ports" (list 443 6443) | trim | nindent 4 }}
{{- end }}
{{- with get $ports $mesh }}
- ports:
    {{- include "echo.network.ports" . | trim | nindent 4 }}
{{- end }}
{{- range $name, $rule := .root.Values.networkPolicy.egress.to }}
{{- if $rule }}
- {{ toYaml $rule | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "echo.network.ports" -}}
{{- range . }}
- {port: {{ . }}, protocol: TCP}
{{- end }}
{{- end -}}
