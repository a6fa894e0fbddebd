{{/*
Scrapes of the Envoys beside the release's clients that tell of each pod: the static one, then Istio's. Takes the root.
*/}}
{{- define "echo.scrapeProxies" -}}
{{- $monitor := .Values.metrics.podMonitor -}}
{{- $client := dict "root" . "component" "client" -}}
{{- $service := include "echo.fullname" . -}}
{{- if include "echo.kindOf" $client }}
{{- $envoy := .Values.client.envoySidecar }}
{{- if and $envoy.enabled $envoy.perEndpointStats }}
{{ include "echo.scrape" (dict "monitor" (merge (dict "path" "/stats/prometheus") $monitor) "port" "envoy-stats" "service" $service) }}
{{- end }}
{{- if and .Values.istio.perEndpointStats.enabled (eq (include "echo.meshOf" $client) "istio") }}
{{- /* A server's proxy has the same port and makes no calls; all else that a proxy tells is for Istio's own monitors. */}}
{{- $clients := dict "sourceLabels" (list "__meta_kubernetes_pod_label_app_kubernetes_io_component") "regex" "client" "action" "keep" }}
{{- $endpoints := dict "sourceLabels" (list "__name__") "regex" "envoy_cluster_endpoint_.+" "action" "keep" }}
{{- $own := dict "path" "/stats/prometheus" "relabelings" (concat (list $clients) ($monitor.relabelings | default list)) }}
{{- $_ := set $own "metricRelabelings" (concat (list $endpoints) ($monitor.metricRelabelings | default list)) }}
{{ include "echo.scrape" (dict "monitor" (merge $own $monitor) "port" "http-envoy-prom" "service" $service) }}
{{- end }}
{{- end }}
{{- end -}}
