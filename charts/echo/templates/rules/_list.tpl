{{/* Which rules are asked, in the order of the table, as ids of the dict that rules are called with: not those about what is off. */}}
{{- define "echo.errorRules" -}}
  {{- $v := .v -}}
  {{- $ids := list "mode-args" "client-target" "client-target-twice" "client-target-server" -}}
  {{- $ids = concat $ids (list "resolver-client" "xds-server" "xds-server-unasked" "xds-server-port" "lookaside-alone") -}}
  {{- if .client -}}
    {{- $ids = concat $ids (list "client-target-service" "client-pace" "job-ends" "cron-schedule" "balancing-twice") -}}
    {{- $ids = concat $ids (list "retries-twice" "client-headless" "resolver-target" "resolver-mesh") -}}
    {{- $ids = concat $ids (list "dns-interval" "lookaside-client" "lookaside-tls") -}}
  {{- end -}}
  {{- if $v.client.envoySidecar.enabled -}}
    {{- $ids = concat $ids (list "envoy-upstream" "envoy-headless" "envoy-client" "envoy-target" "envoy-args") -}}
    {{- $ids = concat $ids (list "envoy-mesh" "envoy-port" "envoy-resolver") -}}
  {{- end -}}
  {{- $ids = concat $ids (list "port-number" "port-twice" "port-grpc" "probe-port" "selector-label" "max-age") -}}
  {{- if .server -}}
    {{- $ids = concat $ids (list "node-port" "service-ports" "shutdown-budget" "name" "stateful-headless") -}}
    {{- $ids = concat $ids (list "session-affinity" "service-needed" "service-config-map") -}}
  {{- end -}}
  {{- $ids = concat $ids (list "warmup-policy" "retries-none" "pick-first" "weighted-round-robin" "passthrough" "hash-key" "maglev-table") -}}
  {{- if ne $v.loadBalancing.locality.mode "none" -}}
    {{- $ids = concat $ids (list "locality-failover" "locality-distribute" "locality-istio" "zone-aware") -}}
  {{- end -}}
  {{- if .lookaside -}}
    {{- $ids = concat $ids (list "lookaside-services" "lookaside-backend" "lookaside-weights" "lookaside-listener" "lookaside-zones") -}}
    {{- $ids = concat $ids (list "lookaside-ring" "lookaside-header" "lookaside-policy" "lookaside-port" "lookaside-debounce") -}}
  {{- else -}}
    {{- $ids = concat $ids (list "lookaside-off") -}}
  {{- end -}}
  {{- if .mesh -}}
    {{- $ids = concat $ids (list "meshes" "app-protocol" "proxy-bypassed") -}}
  {{- end -}}
  {{- if not $v.istio.enabled -}}
    {{- $ids = concat $ids (list "istio-off") -}}
  {{- else -}}
    {{- if .server -}}
      {{- $ids = concat $ids (list "keepalive-version" "ambient-waypoint" "routes-twice" "route-shadowed" "route-same") -}}
      {{- $ids = concat $ids (list "mirror-self" "route-subset" "authorization-caller" "sidecar-policy") -}}
    {{- end -}}
    {{- $ids = concat $ids (list "ambient-stats") -}}
  {{- end -}}
  {{- if not $v.linkerd.enabled -}}
    {{- $ids = concat $ids (list "linkerd-off") -}}
  {{- else -}}
    {{- $ids = concat $ids (list "rate-limit") -}}
  {{- end -}}
  {{- if .server -}}
    {{- $ids = concat $ids (list "route-weights" "gateway-class" "route-parent" "gateway-policy" "backend-tls") -}}
    {{- if $v.autoscaling.enabled -}}
      {{- $ids = concat $ids (list "autoscaling-range" "autoscaling-metric" "autoscaling-requests" "autoscaling-kind") -}}
    {{- end -}}
    {{- if $v.podDisruptionBudget.enabled -}}
      {{- $ids = concat $ids (list "budget-twice" "budget-zero") -}}
    {{- end -}}
  {{- end -}}
  {{- $_ := set . "ids" (concat $ids (list "monitor-port" "tracing-off" "tracing-endpoint" "tracing-ratio")) -}}
{{- end -}}

{{- define "echo.adviceRules" -}}
  {{- $ids := list "client-policy" "least-conn" "hash-policy" "weights-reported" "warmup-plain" "choice-count" "lookaside-unsaid" -}}
  {{- $ids = concat $ids (list "ambient-pins" "authorization-empty" "linkerd-policy") -}}
  {{- $_ := set . "ids" (concat $ids (list "policy-off" "monitors-twice" "tracing-egress")) -}}
{{- end -}}
