import { askedFor, isSet, type RuleChecks, when } from './rule-check.ts'

/** Where spans go, and which. */
export const tracingRules = {
  'tracing-off': ({ tracing: { endpoint, headersSecret, sampler } }) =>
    isSet(endpoint)
      ? []
      : askedFor({ 'headersSecret.name': headersSecret.name, sampler: sampler !== alwaysOn }, 'path', 'tracing.'),

  'tracing-endpoint': ({ tracing: { endpoint } }) =>
    when(isSet(endpoint) && !/^https?:\/\/[^/]/.test(endpoint ?? ''), { endpoint: endpoint ?? '' }),

  'tracing-ratio': ({ tracing: { sampler, samplerArgument } }) =>
    when(samplerArgument !== 1 && !sampler.endsWith('traceidratio'), { sampler }),

  'tracing-egress': ({ tracing: { endpoint }, networkPolicy: { enabled, egress } }) =>
    when(isSet(endpoint) && enabled && egress.enabled && !isSet(egress.to), { endpoint: endpoint ?? '' }),
} satisfies RuleChecks

const alwaysOn = 'parentbased_always_on'
