{{/* The static Envoy beside a client, as a native sidecar: it is there before the first call, and a Job can end. Takes the root. */}}
{{- define "echo.envoyContainer" -}}
{{- $envoy := .Values.client.envoySidecar -}}
name: envoy
image: {{ include "echo.image" (dict "root" . "image" $envoy.image) | quote }}
imagePullPolicy: {{ $envoy.image.pullPolicy }}
restartPolicy: Always
args: [-c, /etc/envoy/envoy.yaml, --disable-hot-restart, --log-level, warn]
ports:
  - name: envoy-stats
    containerPort: {{ int $envoy.statsPort }}
    protocol: TCP
startupProbe:
  httpGet:
    path: /ready
    port: envoy-stats
  periodSeconds: 1
  failureThreshold: 60
{{- with $envoy.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: echo-envoy
    mountPath: /etc/envoy
    readOnly: true
{{- end -}}

{{/* Its whole config: calls come in on loopback and go out over every address of the headless name. */}}
{{- define "echo.envoyConfig" -}}
{{- $envoy := .Values.client.envoySidecar -}}
{{- $manager := "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager" -}}
{{- $router := "{name: envoy.filters.http.router, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}" -}}
admin:
  address: {socket_address: {address: 127.0.0.1, port_value: {{ int $envoy.adminPort }}}}
static_resources:
  listeners:
    - name: calls
      address: {socket_address: {address: 127.0.0.1, port_value: {{ int $envoy.port }}}}
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": {{ $manager }}
                stat_prefix: calls
                route_config:
                  virtual_hosts:
                    - name: calls
                      domains: ["*"]
                      routes:
                        - match: {prefix: /}
                          route:
                            {{- include "echo.envoyRoute" . | trim | nindent 28 }}
                http_filters: [{{ $router }}]
    {{- /* Readiness and metrics for the pod's network; the admin page itself, which can stop Envoy, stays on loopback. */}}
    - name: stats
      address: {socket_address: {address: 0.0.0.0, port_value: {{ int $envoy.statsPort }}}}
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": {{ $manager }}
                stat_prefix: stats
                route_config:
                  virtual_hosts:
                    - name: stats
                      domains: ["*"]
                      routes:
                        - match: {path: /ready}
                          route: {cluster: admin}
                        - match: {path: /stats/prometheus}
                          route: {cluster: admin}
                http_filters: [{{ $router }}]
  clusters:
    - name: upstream
      {{- include "echo.envoyCluster" . | trim | nindent 6 }}
    - name: admin
      load_assignment:
        cluster_name: admin
        endpoints:
          - lb_endpoints:
              - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: {{ int $envoy.adminPort }}}}}
{{- end -}}
