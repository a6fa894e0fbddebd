{{/*
loadBalancing.policy as one entry of a gRPC service config, under the names of evenly-echo and its control plane, as JSON. What
gRPC has no policy for takes round robin. Takes the root.
*/}}
{{- define "echo.ownPolicy" -}}
  {{- $lb := .Values.loadBalancing -}}
  {{- $policy := include "echo.policy" . -}}
  {{- $slowStart := dict -}}
  {{- with $lb.warmup.duration -}}
    {{- $window := dict "window" (include "echo.protoDuration" .) "minWeightPercent" (max 1 (int64 $lb.warmup.minimumPercent)) -}}
    {{- with $lb.warmup.aggression -}}
      {{- $_ := set $window "aggression" . -}}
    {{- end -}}
    {{- $slowStart = dict "slowStart" $window -}}
  {{- end -}}
  {{- if eq $policy "pickFirst" -}}
    {{- dict "pick_first" dict | toJson -}}
  {{- else if eq $policy "leastRequest" -}}
    {{- dict "least_request" (merge (dict "choiceCount" (int64 $lb.choiceCount)) $slowStart) | toJson -}}
  {{- else if eq $policy "weightedRoundRobin" -}}
    {{- dict "evenly_weighted_round_robin" $slowStart | toJson -}}
  {{- else if and (eq $policy "consistentHash") $lb.consistentHash.header -}}
    {{- $size := int64 $lb.consistentHash.minimumRingSize -}}
    {{- dict "ring_hash_experimental" (dict "requestHashHeader" $lb.consistentHash.header "minRingSize" $size "maxRingSize" (max 4096 $size)) | toJson -}}
  {{- else -}}
    {{- dict "round_robin" dict | toJson -}}
  {{- end -}}
{{- end -}}
