import { titleOf } from '../../manifests/manifest.ts'
import { grpcPolicies } from '../../manifests/rule-policies.ts'
import { fieldPatch } from '../field-patch.ts'
import type { ManifestRule } from '../manifest-rule.ts'

/** A healthy pod, ejected for its answers. */
export const outlierBusinessErrors: ManifestRule = {
  id: 'outlier-business-errors',
  title: 'Outlier detection that ejects pods for errors of the application',
  proof: { before: 'fails', after: 'succeeds' },
  why: `\`consecutive5xxErrors\` counts answers, and a proxy reads gRPC's as HTTP's: UNKNOWN, INTERNAL and DATA_LOSS are 500,
UNIMPLEMENTED is 501, UNAVAILABLE 503, DEADLINE_EXCEEDED 504. So one caller with one bad request, repeated five times, has a healthy
pod ejected for half a minute, for all callers behind that proxy; then the next. With \`maxEjectionPercent: 100\`, which leaves none,
good calls end UNAVAILABLE. Measured: 100 of 300 calls were of a method that is not there; 159 ended UNAVAILABLE, and none after the
patch. It is on even where nobody wrote it: left out, \`consecutive5xxErrors\` is 5, also beside \`consecutiveGatewayErrors\`.`,
  cure: `Count failures of the way there, not answers: \`consecutiveGatewayErrors: 5\`, which are 502, 503 and 504, and
\`consecutive5xxErrors: 0\`. And keep \`maxEjectionPercent\` below 100: 50 leaves half of the pods, whatever they answer.`,
  sources: [
    'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier#grpc',
    'https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection',
    'https://github.com/grpc/grpc/blob/master/doc/statuscodes.md',
  ],
  *check(model) {
    for (const { rule, service, path, fields } of grpcPolicies(model)) {
      const detection = fields.outlierDetection
      if (detection == null) continue
      const { consecutive5xxErrors, consecutiveGatewayErrors, maxEjectionPercent = 10 } = detection
      const answers = consecutive5xxErrors ?? 5
      // Those who set it high have thought of it.
      if (typeof answers !== 'number' || answers === 0 || answers > 20) continue
      // The rule outlier-inert tells of a detection that ejects nothing.
      if (100 / Math.max(1, service.maxReplicas) > maxEjectionPercent) continue
      const place = [...path, 'outlierDetection', 'consecutive5xxErrors']
      const gateway = consecutiveGatewayErrors || 5
      yield {
        object: rule,
        path: place,
        reason: `${titleOf(rule)} ejects a pod, however well it is, after ${answers} answers in a row that are UNKNOWN, INTERNAL or UNIMPLEMENTED${consecutive5xxErrors == null ? ' (consecutive5xxErrors, 5 when left out)' : ''}${maxEjectionPercent >= 100 ? ', and may eject all of them' : ''}`,
        fix: `set consecutive5xxErrors to 0 and consecutiveGatewayErrors to ${gateway}`,
        patch: [
          fieldPatch(rule, [...path, 'outlierDetection'], {
            ...detection,
            consecutive5xxErrors: 0,
            consecutiveGatewayErrors: gateway,
          }),
        ],
        unsure: maxEjectionPercent < 100,
      }
    }
  },
}
