{{/* How many pods, in words. Takes the root. */}}
{{- define "echo.notes.pods" -}}
  {{- if eq .Values.workload.kind "DaemonSet" -}}
    a pod on every node
  {{- else if .Values.autoscaling.enabled -}}
    {{ int .Values.autoscaling.minReplicas }} to {{ int .Values.autoscaling.maxReplicas }} pods
  {{- else -}}
    {{ int64 .Values.replicaCount }} {{ eq (int64 .Values.replicaCount) 1 | ternary "pod" "pods" }}
  {{- end -}}
{{- end -}}

{{/* Under which names the server is dialled, and what spreads the calls there. */}}
{{- define "echo.notes.dial" -}}
{{- $mesh := include "echo.mesh" . -}}
Dial it at
{{- if .Values.service.enabled }}
  {{ include "echo.serviceHost" . }}:{{ include "echo.grpcServicePort" . }}
  {{- if not $mesh }}
      one virtual address. WARNING: it spreads connections, not calls, and a gRPC client keeps one connection: without a
      mesh every client stays pinned to one pod.
  {{- else if eq $mesh "istio" }}
      from pods with a sidecar, whose proxy spreads every call ({{ include "echo.policy" . }}).
  {{- else if eq $mesh "linkerd" }}
      from pods with Linkerd's proxy, which spreads every call by latency (EWMA).
  {{- else if include "echo.istio.waypoint" . }}
      through the waypoint {{ include "echo.istio.waypoint" . }}, which spreads every call ({{ include "echo.policy" . }}).
  {{- else }}
      one virtual address; ztunnel spreads connections, not calls.
  {{- end }}
{{- end }}
{{- if include "echo.headless" . }}
  dns:///{{ include "echo.headlessTarget" . }}
      every ready pod, for clients whose load-balancing policy is round_robin. gRPC's default, pick_first, pins here too.
      {{- if $mesh }}
      Not from pods with a proxy: it passes the one connection on, and balances nothing.
      {{- else if not (hasSuffix "evenly-echo" .Values.image.repository) }}
      They do not see pods that come later while their connections live: let the server end those at an age (gRPC:
      MAX_CONNECTION_AGE).
      {{- else if not .Values.server.maxConnectionAgeSeconds }}
      They do not see pods that come later while their connections live: server.maxConnectionAgeSeconds bounds that.
      {{- else }}
      Connections end at their age. A client then needs a retry policy, because a call can meet two ending ones in a row, and
      looks the name up again after 30 s at the soonest: client.maxAttempts and client.dnsMinIntervalSeconds set both here.
      {{- end }}
{{- end }}
{{- if not (or .Values.service.enabled (include "echo.headless" .)) }}
  the pods' own addresses: both Services are off.
{{- end }}
{{- end -}}

{{/* What carries loadBalancing to the callers. */}}
{{- define "echo.notes.rendered" -}}
{{- $lb := printf "loadBalancing (%s)" (include "echo.policy" .) -}}
{{- if and .Values.istio.enabled .Values.istio.destinationRule.enabled }}
{{ $lb }} is in DestinationRule {{ include "echo.fullname" . }}{{ if include "echo.istio.virtualService" . }}, routes are in the VirtualService of that name{{ end }}.
{{- end }}
{{- if .Values.linkerd.enabled }}
loadBalancing is in the annotations of Service {{ include "echo.fullname" . }}, as far as Linkerd lets one choose.
{{- end }}
{{- if .Values.gatewayApi.envoyGateway.backendTrafficPolicy.enabled }}
{{ $lb }} is in BackendTrafficPolicy {{ include "echo.fullname" . }}, for calls through the gateway.
{{- end }}
{{- if .Values.loadBalancing.serviceConfigMap }}
{{ $lb }} as a gRPC service config, and the target to dial, are in ConfigMap {{ include "echo.serviceConfigName" . }}
{{- if .Values.lookaside.enabled }}, and so is what xDS clients start with{{ end }}.
{{- end }}
{{- end -}}

{{/*
What else the Job of the notes is told: whom to call, and as what. A program that is not ours is asked for its health, and
by pod, because its replies do not name theirs.
*/}}
{{- define "echo.notes.checkWith" -}}
{{- $elsewhere := ternary "" (printf ".%s" (include "echo.namespace" .)) (eq (include "echo.namespace" .) .Release.Namespace) -}}
{{- $service := printf "%s%s:%s" (include "echo.fullname" .) $elsewhere (include "echo.grpcServicePort" .) -}}
{{- $mesh := include "echo.mesh" . -}}
{{- if $mesh -}}
  ,{{ $mesh | replace "ambient" "istio" }}.enabled=true{{ if eq $mesh "ambient" }},istio.mode=ambient{{ end -}}
{{- end -}}
{{- if hasSuffix "evenly-echo" .Values.image.repository -}}
  ,client.target={{ $service }}
{{- else if or $mesh (not (include "echo.headless" .)) -}}
  ,client.method=Health,client.target={{ $service }}
{{- else -}}
  ,client.method=Health,client.lbPolicy=round_robin,client.target=dns:///{{ include "echo.headlessName" . }}{{ $elsewhere }}:{{ include "echo.portNumber" (dict "root" . "port" (include "echo.grpcPort" .)) }}
{{- end -}}
{{- end -}}
