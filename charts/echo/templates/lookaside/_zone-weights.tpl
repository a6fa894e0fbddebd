{{/* zoneWeights without those that a values file has taken away, as JSON. Takes an entry of lookaside.services, or lookaside.discover. */}}
{{- define "echo.lookaside.zoneWeights" -}}
  {{- $weights := dict -}}
  {{- range $zone, $weight := .zoneWeights -}}
    {{- if not (kindIs "invalid" $weight) -}}
      {{- $_ := set $weights $zone $weight -}}
    {{- end -}}
  {{- end -}}
  {{- toJson $weights -}}
{{- end -}}
