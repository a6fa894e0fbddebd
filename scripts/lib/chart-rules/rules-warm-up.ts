import { type RuleChecks, when } from './rule-check.ts'

/** Policies that do not go with everything. */
export const warmUpRules = {
  'warmup-policy': ({ loadBalancing: { policy, warmup } }) =>
    when(warmup.duration && !['roundRobin', 'leastRequest', 'LEAST_CONN', 'weightedRoundRobin'].includes(policy), {
      policy,
    }),

  'maglev-table': ({ loadBalancing: { policy, consistentHash } }) => {
    const { algorithm, tableSize: size } = consistentHash
    return when(policy === 'consistentHash' && algorithm === 'maglev' && !(size < 5000011 && isPrime(size)), { size })
  },
} satisfies RuleChecks

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false
  return number > 1
}
