import { clientArgs, clientServiceConfig, hasOption, kindOf, meshOf, mode } from './facts.ts'
import { int, type RuleChecks, when } from './rule-check.ts'

/** How a client calls, and when it ends. */
export const clientRules = {
  'client-pace': (values) => when(kindOf(values, 'client') && values.client.rps && int(values.client.concurrency) > 1),

  'job-ends': (values) => {
    const kind = kindOf(values, 'client')
    if (kind !== 'Job' && kind !== 'CronJob') return []
    const { requests, durationSeconds } = values.client
    const ends = hasOption(clientArgs(values).args, 'requests', 'duration-seconds')
    const ownProgram = mode(values) === 'client' && values.command?.length
    return when(!(requests || durationSeconds || ends || ownProgram), { kind })
  },

  'cron-schedule': (values) => when(kindOf(values, 'client') === 'CronJob' && !values.client.cronJob.schedule),

  'balancing-twice': (values) => {
    const { lbPolicy, serviceConfig } = values.client
    if (!kindOf(values, 'client') || ['auto', 'none'].includes(serviceConfig || 'none')) return []
    if (lbPolicy) return [{ path: 'client.lbPolicy', policy: 'client.lbPolicy' }]
    const { path, args } = clientArgs(values)
    return when(hasOption(args, 'lb-policy'), { path, policy: '--lb-policy' })
  },

  'retries-twice': (values) => {
    if (!kindOf(values, 'client') || int(values.client.maxAttempts) <= 1) return []
    if (values.loadBalancing.retries.enabled) {
      return [{ problem: 'loadBalancing.retries says when to retry as well, and attempts multiply' }]
    }
    const problem = 'the client gets a service config, and evenly-echo takes one of the two'
    return when(clientServiceConfig(values), { problem })
  },

  'client-policy': (values) => {
    const { policy } = values.loadBalancing
    const { serviceConfig, envoySidecar } = values.client
    const missing = ['random', 'passthrough', ...(values.loadBalancing.consistentHash.header ? [] : ['consistentHash'])]
    if (!kindOf(values, 'client') || !missing.includes(policy)) return []
    const balances = !meshOf(values, 'client') && !envoySidecar.enabled
    const isCompiled = serviceConfig === 'auto' || serviceConfig === 'always'
    return when(balances && isCompiled && clientServiceConfig(values), { policy })
  },
} satisfies RuleChecks
