{{- define "votes.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: votes
app.kubernetes.io/version: {{ .root.Values.tag }}
{{- end }}
