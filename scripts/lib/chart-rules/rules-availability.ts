import type { ChartValues } from './chart-values.ts'
import { isExposed, mode, ports } from './facts.ts'
import { type RuleChecks, when } from './rule-check.ts'

/** The PodDisruptionBudget, and who is scraped. */
export const availabilityRules = {
  'budget-twice': (values) => {
    const { enabled, minAvailable, maxUnavailable } = values.podDisruptionBudget
    return when(mode(values) === 'server' && enabled && isSaid(minAvailable) && isSaid(maxUnavailable))
  },

  'budget-zero': (values) => {
    const { enabled, minAvailable, maxUnavailable } = values.podDisruptionBudget
    if (mode(values) !== 'server' || !enabled) return []
    const least = isSaid(minAvailable) ? minAvailable : 0
    return [
      ...when(['0', '0%'].includes(String(maxUnavailable)), { key: 'maxUnavailable', value: maxUnavailable ?? '' }),
      ...when(leavesNone(least, values), { key: 'minAvailable', value: least }),
    ]
  },

  'monitor-port': (values) =>
    (['podMonitor', 'serviceMonitor'] as const).flatMap((monitor) => {
      const { enabled, port } = values.metrics[monitor]
      const component = mode(values)
      const ofService = monitor === 'serviceMonitor'
      if (!enabled || (ofService && component !== 'server')) return []
      const all = [...ports(values, component)].filter(([, one]) => !ofService || isExposed(one, 'service'))
      const names = all.map(([name]) => name)
      const where = ofService ? ' on the Service' : ''
      return when(!names.includes(port), { monitor, port, ports: names.join(', ') || 'none is on', where })
    }),

  'monitors-twice': (values) => {
    const { podMonitor, serviceMonitor } = values.metrics
    return when(mode(values) === 'server' && podMonitor.enabled && serviceMonitor.enabled)
  },
} satisfies RuleChecks

/** A budget that is "" or null says nothing; 0 says something. */
const isSaid = (budget: number | string | null | undefined): budget is number | string => (budget ?? '') !== ''

/** Whether so many pods that must stay are all there are. Kubernetes rounds a percent of the pods up. */
function leavesNone(least: number | string, { autoscaling, replicaCount, workload }: ChartValues): boolean {
  if (least === '100%') return true
  const pods = autoscaling.enabled ? autoscaling.minReplicas : replicaCount
  const number = Number.parseInt(String(least), 10)
  const needed = String(least).endsWith('%') ? Math.ceil((number * pods) / 100) : number
  return workload.kind !== 'DaemonSet' && pods > 0 && needed >= pods
}
