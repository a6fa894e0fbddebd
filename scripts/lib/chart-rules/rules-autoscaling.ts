import type { ChartValues } from './chart-values.ts'
import { mode } from './facts.ts'
import { isSet, type RuleChecks, when } from './rule-check.ts'

/** The HorizontalPodAutoscaler. */
export const autoscalingRules = {
  'autoscaling-range': (values) => {
    const { minReplicas: min, maxReplicas: max } = values.autoscaling
    return when(isScaled(values) && min > max, { min, max })
  },

  'autoscaling-metric': (values) => {
    const { targetCPUUtilizationPercentage, targetMemoryUtilizationPercentage, metrics } = values.autoscaling
    const asks = [targetCPUUtilizationPercentage, targetMemoryUtilizationPercentage, metrics]
    return when(isScaled(values) && !asks.some(isSet))
  },

  // Kubernetes takes a limit for the request where there is none.
  'autoscaling-requests': (values) => {
    const { targetCPUUtilizationPercentage: cpu, targetMemoryUtilizationPercentage: memory } = values.autoscaling
    const asked = { ...values.resources?.limits, ...values.resources?.requests }
    return Object.entries({ cpu, memory }).flatMap(([resource, percent]) =>
      when(isScaled(values) && percent && !isSet(asked[resource]), { resource }),
    )
  },

  'autoscaling-kind': (values) => when(isScaled(values) && values.workload.kind === 'DaemonSet'),
} satisfies RuleChecks

const isScaled = (values: ChartValues): boolean => mode(values) === 'server' && values.autoscaling.enabled
