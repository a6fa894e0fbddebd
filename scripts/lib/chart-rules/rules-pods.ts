import { fullname, mode } from './facts.ts'
import { int, type RuleChecks, when } from './rule-check.ts'

/** How pods end, and what they and their Services are called. */
export const podRules = {
  // A preStop of the user's own takes the place of the sleep, and nobody knows how long it takes.
  'shutdown-budget': (values) => {
    const { preStopSleepSeconds, drainSeconds: drain, terminationGracePeriodSeconds: grace } = values.shutdown
    const preStop = values.lifecycle?.preStop === undefined ? preStopSleepSeconds : 0
    const needed = preStop + drain
    return when(mode(values) === 'server' && needed >= grace, { grace, preStop, drain, needed })
  },

  'max-age': ({ server }) => when(int(server.maxConnectionAgeGraceSeconds) && !server.maxConnectionAgeSeconds),

  'selector-label': ({ commonLabels, global, podLabels }) => {
    const labels = { commonLabels, 'global.labels': global?.labels, podLabels }
    return Object.entries(labels).flatMap(([path, given]) =>
      ['component', 'instance', 'name']
        .map((end) => `app.kubernetes.io/${end}`)
        .flatMap((label) => when((given?.[label] ?? null) !== null, { path, label })),
    )
  },

  name: (values, release) => {
    const name = fullname(values, release) ?? 'a'
    return when(mode(values) === 'server' && !/^[a-z]/.test(name), { name })
  },
} satisfies RuleChecks
