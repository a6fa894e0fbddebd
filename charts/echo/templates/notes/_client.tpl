{{/* What the client of this release does, and where to read it. Takes the root. */}}
{{- define "echo.notes.client" -}}
{{- $client := .Values.client -}}
{{- $namespace := include "echo.namespace" . -}}
{{- $ctx := dict "root" . "component" "client" -}}
{{- $name := include "echo.workloadName" (merge (dict "kind" $client.kind) $ctx) -}}
{{- $target := include "echo.clientTarget" . | default "what its arguments say" -}}
{{- if eq $client.kind "Job" -}}
{{- include "echo.notes.job" . }}
{{- else if eq $client.kind "CronJob" -}}
CronJob {{ $name }} calls {{ $target }} from namespace {{ $namespace }}, at {{ $client.cronJob.schedule }}.

Run it now, and read its tally:
  kubectl -n {{ $namespace }} create job --from=cronjob/{{ $name }} {{ $name }}-now
  kubectl -n {{ $namespace }} logs -f job/{{ $name }}-now --pod-running-timeout=2m
{{- else -}}
{{ $name }} calls {{ $target }} with {{ eq $client.kind "DaemonSet" | ternary "a client pod on every node" (printf "%d client pod(s)" (int64 $client.replicaCount)) }} in namespace {{ $namespace }}.

See who serves each call:
  kubectl -n {{ $namespace }} logs -f -l app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/component=client
{{- with ((include "echo.ports" $ctx | fromJson).metrics) }}

See the distribution on a page, at http://127.0.0.1:9464:
  kubectl -n {{ $namespace }} port-forward {{ $client.kind | lower | replace "deployment" "deploy" }}/{{ $name }} 9464:{{ int .containerPort }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "echo.notes.job" -}}
{{- $namespace := include "echo.namespace" . -}}
{{- $job := include "echo.jobName" . -}}
Job {{ $job }} calls {{ include "echo.clientTarget" . | default "what its arguments say" }} from namespace {{ $namespace }}.

Its calls, and at their end the tally and the verdict:
  kubectl -n {{ $namespace }} logs -f job/{{ $job }} --pod-running-timeout=2m

{{- if and .Release.IsUpgrade (not .Values.client.job.run) }}

If job/{{ $job }} was there before this upgrade, it was left as it was, and its tally is that of the earlier run.
{{- end }}

Kubernetes changes no Job that exists, and runs none twice. To run again, name the run anew, and Helm puts a new Job in the
place of this one: --set client.job.run=2 (or revision, for a new one at every upgrade, or auto, when a value has changed).
Or remove it first, and the name stays: kubectl -n {{ $namespace }} delete job {{ $job }}
{{- end -}}
